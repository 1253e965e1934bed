#!/usr/bin/env python3
"""Writes the recorded traces that the checkers are tested with: tests/checkers/traces/*.jsonl.

A file is named CHECKER-what-happens.jsonl after the checker that must flag it; honest-*.jsonl must be
flagged by none. Each is an honest visit with one thing changed, so that what is flagged is that
thing. The files are kept in the repository: run this only to add one, and read the difference.
"""
import json
import pathlib

FOLDER = pathlib.Path(__file__).parent / "traces"
ALICE, BELLA, MALLORY = "alice", "bella", "mallory"


class Trace:
    """Facts of one site, times in seconds."""

    def __init__(self, keyless=False, sites=1, fingers=False, authenticator=False):
        self.facts = []
        self.grants = 0
        self.message = 0
        self.keyless = keyless or fingers
        self.fingers = fingers
        self.at(0)
        self.add("cast_person", 0, who=ALICE, number=1, value=1)
        self.add("cast_person", 0, who=BELLA, number=2, value=1)
        self.add("cast_person", 0, who=MALLORY, value=1)
        self.add("cast_phone", 0, who=ALICE, what="phone-alice")
        self.add("cast_phone", 0, who=MALLORY, what="phone-mallory")
        if authenticator:
            for who in (ALICE, BELLA):
                self.add("authenticator_enrolled", 0, who=who, what=f"phone-{who}")
        self.add("cast_key", 0, who=ALICE, what="key-alice", number=7)
        self.add("cast_key", 0, who=MALLORY, what="key-copy", number=7)
        for site in range(1, sites + 1):
            self.add("cast_site", site, what=f"door-{site}", number=6 + site,
                     value=2 if fingers else 1 if keyless else 0)
        if fingers:
            self.add("finger_enrolled", who=ALICE, number=3)
            self.add("finger_enrolled", who=BELLA, number=4)
        self.add("cast_holder", 0, who=ALICE, number=7)
        self.add("cast_holder", 0, who=BELLA, number=8)
        for site in range(1, sites + 1):
            self.add("terminal_started", site)
            self.prompt("welcome", site=site)

    def at(self, seconds):
        self.now = seconds
        return self

    def after(self, seconds):
        self.now += seconds
        return self

    def add(self, kind, site=1, **fields):
        fact = {"at": round(self.now * 1e9), "kind": kind}
        if site:
            fact["site"] = site
        fact.update({key: value for key, value in fields.items() if value != 0 and value != ""})
        self.facts.append(fact)
        return self

    def prompt(self, message, seconds=0, attempts=0, site=1):
        return self.add("prompt_shown", site, what=message, number=seconds, value=attempts)

    def arrive(self, who, site=1, shown="", bona_fide=1):
        self.add("person_arrived", site, who=who)
        return self.show(who, site, shown, bona_fide)

    def show(self, who, site=1, shown="", bona_fide=1, faces=1):
        return self.add("face_shown", site, who=who, what=shown or who, number=faces,
                        value=bona_fide)

    def leave(self, who, site=1):
        self.add("face_hidden", site, who=who)
        return self.add("person_left", site, who=who)

    def claim(self, who=ALICE, customer=1, locker=7, site=1):
        self.add("claimed", site, who=who, what=str(locker), number=customer)
        self.prompt("please_wait", site=site)
        return self.prompt("look_at_camera", site=site)

    def frame(self, who=ALICE, what="good", track=1, distance=0.35, site=1):
        self.after(0.2)
        return self.add("face_observed", site, who=who, what=what, number=track,
                        value=0 if what == "not_compared" else distance)

    def send(self, owner=ALICE, site=1, holder=""):
        self.message += 1
        self.add("sms_submitted", site, who=owner, what="primary", number=self.message)
        self.prompt("enter_code", 120, 3, site=site)
        self.after(2.5)
        self.add("sms_delivered", site, who=holder or owner, what="primary", number=self.message)
        self.after(4)
        return self.add("sms_read", site, who=holder or owner, number=self.message)

    def face(self, who=ALICE, site=1, distance=0.35):
        self.frame(who, site=site, distance=distance).frame(who, site=site, distance=distance)
        return self.gestures(who, site, distance)

    def gesture(self, what, who=ALICE, site=1, distance=0.35, closing=True, performed=True):
        """Asked for, performed, and closed by a matching frame."""
        self.prompt(what, 4, site=site).after(0.7)
        if performed:
            self.add("gesture_performed", site, who=who, what=what, number=1200, value=1)
        self.frame(who, "turned_away", site=site, distance=0.8).after(0.8)
        return self.frame(who, site=site, distance=distance) if closing else self

    def gestures(self, who=ALICE, site=1, distance=0.35, closing=True):
        self.gesture("turn_left", who, site, distance, closing)
        return self.gesture("nod", who, site, distance, closing)

    def type(self, who=ALICE, message=None, site=1):
        self.after(3)
        return self.add("code_typed", site, who=who,
                        number=self.message if message is None else message)

    def upto_authenticator(self, who=ALICE, customer=1, locker=7, site=1):
        """Nothing can be sent: the authenticator's code is asked for instead."""
        self.claim(who, customer, locker, site).face(who, site)
        self.prompt("enter_code", 120, 3, site=site)
        return self.prompt("enter_authenticator_code", 150, 3, site=site)

    def type_shown(self, who=ALICE, owner="", site=1, ago=0):
        """The code of half a minute that began so many half minutes ago."""
        self.after(4)
        half_minute = int(self.now // 30) - ago
        self.add("authenticator_read", site, who=who, what=owner or who, number=58920120 + half_minute)
        self.after(2)
        return self.add("code_typed", site, who=who, what=owner or who,
                        number=58920120 + half_minute, value=half_minute * 30.0)

    def by_authenticator(self, who=ALICE, customer=1, locker=7, owner="", ago=0):
        self.after(5).arrive(who).after(2).upto_authenticator(who, customer, locker)
        self.type_shown(who, owner, ago=ago)
        self.key(who).frame(who).pulse(who).open(who).close(who).after(3)
        return self.leave(who)

    def key(self, who=ALICE, site=1):
        self.prompt("turn_key", 30, site=site)
        self.after(2)
        self.turn(who, site)
        return self.prompt("look_at_camera", site=site)

    def turn(self, who=ALICE, site=1, fits=1):
        return self.add("key_turned", site, who=who,
                        what="key-alice" if who == ALICE else "key-copy", number=fits)

    def pulse(self, turner=ALICE, site=1, recorded=True, bolt=True):
        self.add("strike_energised", site, what="pulse", number=5000)
        if bolt:
            self.add("bolt_withdrawn", site, who="" if self.keyless else turner)
        if recorded:
            self.grants += 1
            self.add("grant_recorded", site, number=self.grants)
        return self.prompt("open_door", 5, site=site)

    def open(self, who=ALICE, site=1, released=True):
        self.after(1.5)
        self.add("door_opened", site, who=who, what="pulled")
        self.after(2)
        self.add("contents_taken", site, who=who)
        if released:
            self.after(1.5)
            self.add("strike_released", site)
            self.prompt("welcome", site=site)
        return self

    def close(self, who=ALICE, site=1):
        self.after(20)
        self.add("door_closed", site, who=who)
        return self.add("bolt_thrown", site)

    def finger(self, who=ALICE, what="good", slot=3, score=150, whose="", living=1):
        """Laid down; what the sensor says of it a second later."""
        self.after(1)
        self.add("finger_presented", who=who, what=whose or who, number=1500, value=living)
        self.after(1)
        return self.add("finger_observed", who=who, what=what,
                        number=slot if what == "good" else -1, value=score if what == "good" else 0)

    def upto_finger(self, who=ALICE):
        self.after(5).arrive(who).after(1).claim(who).face(who)
        return self.prompt("place_finger", 30, 3)

    def from_code(self, who=ALICE):
        self.send(who).type(who).prompt("look_at_camera").frame(who).pulse(who).open(who)
        return self.close(who).leave(who).run_on(300)

    def upto_code(self, who=ALICE, customer=1, locker=7, site=1):
        return self.claim(who, customer, locker, site).face(who, site).send(who, site)

    def visit(self, who=ALICE, customer=1, locker=7, site=1):
        self.after(5)
        self.arrive(who, site)
        self.after(2)
        self.upto_code(who, customer, locker, site).type(who, site=site)
        if self.keyless:
            self.prompt("look_at_camera", site=site)
        else:
            self.key(who, site)
        self.frame(who, site=site).pulse(who, site).open(who, site).close(who, site)
        self.after(3)
        return self.leave(who, site)

    def run_on(self, seconds):
        """Something harmless happens, so that what was due is past."""
        self.after(seconds)
        return self.add("audit_verified", 0, number=20)

    def save(self, name):
        FOLDER.mkdir(exist_ok=True)
        lines = [json.dumps(fact, separators=(",", ":")) for fact in self.facts]
        (FOLDER / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def honest():
    Trace().visit().run_on(200).save("honest-visit")
    Trace(keyless=True).visit().visit().run_on(200).save("honest-keyless-twice")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code()
    for attempts in (2, 1):
        t.type(message=0).prompt("code_not_accepted", 0, attempts)
        t.after(2)
    t.type().key().frame().pulse().open().close().leave(ALICE).run_on(300)
    t.save("honest-two-slips-of-the-finger")
    t = Trace().after(5).arrive(ALICE).after(1).claim()
    t.frame().frame(what="blurred").frame(distance=0.7).prompt("look_at_camera")
    t.after(0.6).face().send().type().key().frame().pulse().open().close().leave(ALICE)
    t.run_on(300).save("honest-poor-frames-first")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().after(40)
    t.add("resend_pressed", who=ALICE).send().type().key().frame().pulse().open().close()
    t.leave(ALICE).run_on(300).save("honest-resend")
    t = Trace().after(5).arrive(MALLORY).after(1)
    t.add("key_turned", who=MALLORY, what="key-copy", number=1)
    t.after(0.04).add("alarm_raised", what="key_early").after(3)
    t.add("key_returned", who=MALLORY, what="key-copy").leave(MALLORY)
    t.after(60).visit().run_on(300).save("honest-after-an-early-key")
    t = Trace().after(5).arrive(MALLORY).after(1).claim(MALLORY)
    for _ in range(3):
        t.frame(MALLORY, distance=0.9).after(0.8)
    t.prompt("not_recognised").after(2).leave(MALLORY).after(60).visit().run_on(300)
    t.save("honest-after-a-stranger")
    t = Trace().visit().after(5).arrive(MALLORY).add("tamper_opened", who=MALLORY)
    t.after(0.03).add("alarm_raised", what="tamper").after(5)
    t.add("door_opened", who=MALLORY, what="forced").after(0.03)
    t.add("alarm_raised", what="door_forced").after(180).add("alarm_raised", what="door_held")
    t.run_on(300).save("honest-terminal-robbed-loudly")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().prompt("turn_key", 30)
    t.after(1).add("power_lost").after(30).add("power_restored").add("terminal_started")
    t.prompt("welcome").after(5).upto_code().type().key().frame().pulse().open().close()
    t.leave(ALICE).run_on(300).save("honest-power-cut-between")
    # A customer who mistypes until she is refused has no right to be served at once.
    t = Trace().after(5).arrive(ALICE).after(1).upto_code()
    for attempts in (2, 1):
        t.type(message=0).prompt("code_not_accepted", 0, attempts)
    t.type(message=0).prompt("refused_until", 300).after(1).leave(ALICE).run_on(400)
    t.save("honest-refusal-after-three-wrong-codes")
    t = Trace(sites=2).visit().visit(BELLA, 2, 8, 2).run_on(300)
    t.save("honest-two-doors")
    # Somebody leans over and claims another locker in the middle of her visit: it is ignored.
    t = Trace().after(5).arrive(ALICE).after(1).upto_code()
    t.add("claimed", who=MALLORY, what="8", number=2).type().key().frame().pulse().open().close()
    t.leave(ALICE).run_on(300).save("honest-claim-during-another-visit")
    # Frames that come late or twice, as an injected fault makes them, break no row of good ones.
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame()
    t.add("fault_injected", what="face.poll:duplicate", number=2).frame(what="blurred").frame()
    t.gestures().send().type().key().frame().pulse().open().close().leave(ALICE).run_on(300)
    t.save("honest-frames-twice")
    # Who has matched her face and types wrong codes locks her out: that is the rule, not a breach.
    t = Trace().after(5).arrive(MALLORY, shown=ALICE, bona_fide=0).after(1)
    t.claim(MALLORY).face(MALLORY).send()
    for attempts in (2, 1):
        t.type(MALLORY, 0).prompt("code_not_accepted", 0, attempts)
    t.type(MALLORY, 0).prompt("refused_until", 300).leave(MALLORY).after(10).arrive(ALICE).after(1)
    t.add("claimed", who=ALICE, what="7", number=1).prompt("please_wait")
    t.prompt("refused_until", 280).leave(ALICE).run_on(300)
    t.save("honest-locked-out-by-a-holder-of-a-factor")
    # The terminal slows down for less than a minute; she comes back and is served.
    t = Trace().after(5).arrive(ALICE).after(1).add("claimed", who=ALICE, what="7", number=1)
    t.prompt("refused_until", 25).after(2).leave(ALICE).after(30).visit().run_on(300)
    t.save("honest-throttled-for-a-moment")
    # The camera goes and comes back: her time begins anew.
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame()
    t.add("cable_unplugged", who=MALLORY, what="camera").after(0.5)
    t.add("alarm_raised", what="camera_lost").prompt("out_of_service").after(400)
    t.add("cable_plugged", who=BELLA, what="camera").add("alarm_cleared", what="camera_lost")
    t.after(5).upto_code().type().key().frame().pulse().open().close().leave(ALICE).run_on(300)
    t.save("honest-camera-unplugged-and-plugged-in")
    # She thinks again and goes home: nobody owes her an open door.
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().leave(ALICE).after(150)
    t.prompt("timed_out").run_on(300).save("honest-customer-leaves-by-herself")
    # The exit button explains a door that opens from inside.
    t = Trace().after(5).arrive(ALICE).add("exit_pressed", who=ALICE).after(1)
    t.add("exit_released", who=ALICE).after(4).add("door_opened", who=ALICE, what="pushed")
    t.after(10).add("door_closed", who=ALICE).leave(ALICE).run_on(10)
    t.save("honest-pushed-open-from-inside")
    # She turns the wrong way, is asked for other gestures, and makes these.
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().frame().prompt("turn_left", 4)
    t.after(0.7).add("gesture_performed", who=ALICE, what="turn_right", number=1200, value=1)
    t.frame(what="turned_away", distance=0.8).prompt("look_at_camera").after(1).frame().frame()
    t.gesture("smile").gesture("turn_right").send().type().key().frame().pulse().open().close()
    t.leave(ALICE).run_on(300).save("honest-turned-the-wrong-way-first")
    # Somebody stands beside her at the end, is told so, and goes.
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key()
    t.show(ALICE, faces=2).frame(what="several_faces").prompt("one_person_only")
    t.after(1).add("alarm_raised", what="two_persons").after(3).show(ALICE).frame().pulse()
    t.open().close().leave(ALICE).run_on(300).save("honest-company-sent-away")

    Trace(fingers=True).upto_finger().finger().from_code().save("honest-finger-visit")
    t = Trace(fingers=True).upto_finger().finger(what="messy").prompt("clean_finger", 0, 3)
    t.finger(what="no_match").prompt("finger_not_accepted", 0, 2).after(1).finger()
    t.from_code().save("honest-finger-slips")
    t = Trace(fingers=True).upto_finger()
    t.add("cable_unplugged", who=MALLORY, what="fingerprint").after(0.5)
    t.add("alarm_raised", what="finger_reader_lost").prompt("out_of_service").after(400)
    t.add("cable_plugged", who=BELLA, what="fingerprint").leave(ALICE).upto_finger().finger()
    t.add("alarm_cleared", what="finger_reader_lost").from_code()
    t.save("honest-sensor-unplugged-and-plugged-in")
    # Three fingers that are not hers lock her out: whoever laid them down had matched her face.
    t = Trace(fingers=True).upto_finger()
    for attempts in (2, 1):
        t.finger(what="no_match").prompt("finger_not_accepted", 0, attempts)
    t.finger(what="no_match").prompt("refused_until", 300).after(1).leave(ALICE).run_on(400)
    t.save("honest-refusal-after-three-wrong-fingers")


def fingers():
    t = Trace(fingers=True).upto_finger().finger(MALLORY, whose=ALICE, living=0).from_code()
    t.save("I1a-finger-laid-by-another")
    t = Trace(fingers=True).upto_finger().finger(living=0).from_code()
    t.save("I1a-cast-of-a-finger")
    Trace(fingers=True).upto_finger().from_code().save("I1b-no-finger")
    Trace(fingers=True).upto_finger().finger(slot=4).from_code().save("I1b-slot-of-another")
    Trace(fingers=True).upto_finger().finger(score=20).from_code().save("I1b-finger-too-weak")
    Trace(fingers=True).upto_finger().finger(what="no_match").from_code()\
        .save("I1b-finger-that-matched-nothing")
    t = Trace(fingers=True).upto_finger().send().finger().type().prompt("look_at_camera").frame()
    t.pulse().open().close().save("I1b-finger-after-the-code")
    Trace(fingers=True).upto_finger().send().run_on(5).save("I11-code-asked-without-a-finger")
    t = Trace(fingers=True).upto_finger()
    for attempts in (2, 1, 0, -1):
        t.finger(what="no_match").prompt("finger_not_accepted", 0, attempts).after(1)
    t.save("I9-fourth-finger-at-once")
    t = Trace(fingers=True).upto_finger()
    for _ in range(3):
        t.finger(what="messy").prompt("clean_finger", 0, 3)
    t.prompt("refused_until", 300).after(3).leave(ALICE).run_on(200)
    t.save("I5-unreadable-fingers-counted-against-her")
    t = Trace(fingers=True).upto_finger()
    t.add("cable_unplugged", who=MALLORY, what="fingerprint").run_on(3)
    t.save("I6-fingerprint-sensor-unplugged")
    # The alarm is right, and no excuse: nobody gets in until the library is restored.
    t = Trace(fingers=True).after(2).add("sensor_attacked", who=MALLORY, what="emptied")
    t.upto_finger().add("alarm_raised", what="finger_reader_untrusted")
    t.prompt("out_of_service").after(3).leave(ALICE).run_on(20)
    t.save("I5-library-emptied-from-the-wire")


def authenticators():
    Trace(authenticator=True).by_authenticator().run_on(200).save("honest-authenticator")
    t = Trace(authenticator=True).by_authenticator().after(60).by_authenticator().run_on(200)
    t.save("honest-authenticator-twice-with-two-codes")
    # The message was lost, and she is asked for her authenticator's; a slip first.
    t = Trace(authenticator=True).after(5).arrive(ALICE).after(1).claim().face()
    t.add("sms_submitted", who=ALICE, what="primary", number=1).prompt("enter_code", 120, 3)
    t.after(20).add("sms_lost", who=ALICE, what="primary", number=1)
    t.prompt("enter_authenticator_code", 130, 3).type(message=0).prompt("code_not_accepted", 0, 2)
    t.type_shown().key().frame().pulse().open().close().leave(ALICE).run_on(300)
    t.save("honest-authenticator-after-a-lost-message")

    # The same code opens again: the second visit begins before the half minute is over.
    t = Trace(keyless=True, authenticator=True).at(60).arrive(ALICE).upto_authenticator()
    t.type_shown().prompt("look_at_camera").frame().pulse().open().prompt("welcome").after(1)
    t.add("door_closed", who=ALICE).add("bolt_thrown").upto_authenticator().type_shown(ago=1)
    t.prompt("look_at_camera").frame().pulse().open().close().save("I8-authenticator-code-used-twice")
    t.save("I1b-authenticator-code-used-twice")
    t = Trace(authenticator=True).by_authenticator(ago=4)
    t.save("I1b-authenticator-code-of-long-ago")
    t = Trace(authenticator=True).after(5).arrive(ALICE).after(1).claim().face()
    t.prompt("enter_code", 120, 3).prompt("enter_authenticator_code", 150, 3)
    t.type_shown(ago=4).prompt("turn_key", 30).save("I11-authenticator-code-of-long-ago-taken")
    t = Trace(authenticator=True).by_authenticator(owner=BELLA)
    t.save("I8-authenticator-of-another-customer")
    t = Trace().by_authenticator()
    t.save("I1b-authenticator-that-is-not-enrolled")
    # A message had arrived: there was no reason to ask for anything else.
    t = Trace(authenticator=True).after(5).arrive(ALICE).after(1).upto_code()
    t.prompt("enter_authenticator_code", 130, 3).type_shown().key().frame().pulse().open()
    t.close().save("I1b-authenticator-although-a-message-came")
    t = Trace(authenticator=True).after(5).arrive(ALICE).after(1).claim()
    t.prompt("enter_authenticator_code", 150, 3).save("I11-authenticator-asked-without-a-face")
    t = Trace(authenticator=True).after(5).arrive(ALICE).after(1).upto_authenticator()
    t.type_shown().prompt("code_not_accepted", 0, 2).after(2).type_shown(ago=9)
    t.prompt("code_not_accepted", 0, 1).after(2).type_shown(ago=8).prompt("code_not_accepted")
    t.after(2).type_shown(ago=7).prompt("turn_key", 30).save("I9-fourth-authenticator-code-at-once")


def presence():
    # The customer passes the face stage and walks off; another stands there at the end.
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().prompt("turn_key", 30)
    t.leave(ALICE).arrive(MALLORY).after(2).turn(MALLORY).frame(MALLORY, track=2)
    t.pulse(MALLORY).open(MALLORY).close(MALLORY).save("I1a-another-person-at-the-end")
    t = Trace().after(5).arrive(MALLORY, shown=ALICE, bona_fide=0).after(1)
    t.claim(MALLORY).face(MALLORY).send(ALICE, holder=MALLORY).type(MALLORY)
    t.key(MALLORY).frame(MALLORY).pulse(MALLORY).open(MALLORY).close(MALLORY)
    t.save("I1a-artefact-with-phone-and-key")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type(MALLORY).key().frame()
    t.pulse().open().close().save("I1a-code-typed-by-another")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key(MALLORY).frame()
    t.pulse(MALLORY).open().close().save("I1a-key-turned-by-another")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type()
    t.add("will_changed", who=ALICE).key().frame().pulse().open().close()
    t.save("I1a-coerced-before-the-key")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame().leave(ALICE)
    t.pulse().save("I1a-nobody-there")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame().pulse()
    t.leave(ALICE).after(0.5).arrive(MALLORY).open(MALLORY).save("I1a-another-pulls-the-door")
    t = Trace().after(5).arrive(BELLA).after(1).claim(BELLA).face(BELLA).send(BELLA)
    t.type(BELLA).key(BELLA).frame(BELLA).pulse(BELLA).open(BELLA).close(BELLA)
    t.save("I1a-customer-of-another-locker")


def policy():
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().gestures(closing=False).send()
    t.type().key().frame().pulse().open().close().save("I1b-a-single-frame")
    t = Trace().after(5).arrive(ALICE).after(1).claim()
    t.face(distance=0.55)
    t.send().type().key().frame().pulse().open().close().save("I1b-frames-over-the-threshold")
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame(track=1).frame(track=2)
    t.gestures(closing=False).send().type().key().frame(track=2).pulse().open().close().save("I1b-frames-of-two-tracks")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().key().frame().pulse().open().close()
    t.save("I1b-no-code")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().after(118).type().key().frame()
    t.pulse().open().close().save("I1b-code-older-than-120-s")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().prompt("look_at_camera")
    t.frame().pulse().open().close().save("I1b-no-key")
    t = Trace().after(5).arrive(ALICE).after(1).claim().face().turn()
    t.after(0.04).add("alarm_raised", what="key_early")
    t.send().type().prompt("turn_key", 30).after(1).prompt("look_at_camera").frame().pulse()
    t.open().close().save("I1b-key-before-the-code")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().pulse().open().close()
    t.save("I1b-no-frame-after-the-key")
    t = Trace().after(5).arrive(ALICE).after(1).claim().face().send("mallory").type().key()
    t.frame().pulse().open().close().save("I1b-code-sent-to-another-phone")
    t = Trace().after(5).arrive(ALICE).after(1).turn().pulse().open().close()
    t.save("I1b-no-visit")
    # A film of her matches, and nothing answers what the screen asks for.
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().frame().send().type().key()
    t.frame().pulse().open().close().save("I1b-no-gesture-asked")
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().frame().gesture("nod").send()
    t.type().key().frame().pulse().open().close().save("I1b-a-single-gesture")
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().frame()
    t.gesture("nod", performed=False).gesture("blink", performed=False).send()
    t.type().key().frame().pulse().open().close().save("I1b-gestures-not-performed")
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().frame().gesture("blink")
    t.gesture("blink").send().type().key().frame().pulse().open().close()
    t.save("I1b-the-same-gesture-twice")
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame().frame().gesture("nod")
    t.prompt("turn_right", 4).after(6)
    t.add("gesture_performed", who=ALICE, what="turn_right", number=1200, value=1).frame()
    t.send().type().key().frame().pulse().open().close().save("I1b-a-gesture-too-late")


def records():
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame()
    t.pulse(recorded=False).open().close().run_on(1).save("I3-no-reading-shows-the-grant")
    t = Trace().visit().after(5).arrive(ALICE).after(1).upto_code().type().key().frame()
    t.pulse(recorded=False).add("grant_recorded", number=1).open().close().run_on(1)
    t.save("I3-second-grant-not-recorded")
    t = Trace().visit().after(5).add("record_missing", 0, what="audit row 3").run_on(5)
    t.save("I3-row-removed-unnoticed")
    t = Trace().visit().after(5).add("audit_broken", 0, number=4)
    t.save("I3-broken-without-an-attack")
    t = Trace().visit().after(5).add("leak_found", 0, what="code in the log")
    t.save("I4-code-in-the-log")


def service():
    # A stranger's face failures lock the customer out.
    t = Trace().after(5).arrive(MALLORY).after(1).claim(MALLORY)
    for _ in range(3):
        t.frame(MALLORY, distance=0.9).after(0.8)
    t.prompt("refused_until", 300).after(2).leave(MALLORY).after(30).arrive(ALICE).after(1)
    t.add("claimed", who=ALICE, what="7", number=1).prompt("refused_until", 266)
    t.after(3).leave(ALICE).run_on(200).save("I5-locked-out-by-a-stranger")
    t = Trace().after(5).arrive(MALLORY).after(1).claim(MALLORY)
    for _ in range(3):
        t.frame(MALLORY, distance=0.9).after(0.8)
    t.prompt("see_staff").after(2).leave(MALLORY).after(30).arrive(ALICE).after(1)
    t.add("claimed", who=ALICE, what="7", number=1).prompt("please_wait").prompt("see_staff")
    t.run_on(2).save("I5-sent-to-staff-by-a-stranger")
    # The messages never come, and nothing else is tried.
    t = Trace().after(5).arrive(ALICE).after(1)
    for _ in range(2):
        t.claim().face()
        t.message += 1
        t.add("sms_submitted", who=ALICE, what="primary", number=t.message)
        t.prompt("enter_code", 120, 3).after(20)
        t.add("sms_lost", who=ALICE, what="primary", number=t.message).after(130)
        t.prompt("timed_out").after(2)
    t.run_on(60).save("I5-messages-never-come")
    # Glare made three frames useless, and they were counted against her.
    t = Trace().after(5).arrive(ALICE).add("light_changed", what="glare").after(1).claim()
    for _ in range(3):
        t.frame(what="bad_light", distance=0.9)
    t.prompt("refused_until", 300).after(5).add("light_changed", what="normal").after(5)
    t.add("claimed", who=ALICE, what="7", number=1).prompt("please_wait")
    t.prompt("refused_until", 290).run_on(200).save("I5-glare-counted-against-her")


def alarms():
    t = Trace().after(5).arrive(MALLORY).add("door_opened", who=MALLORY, what="forced")
    t.run_on(3).save("I6-forced-door")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame().pulse().open()
    t.run_on(190).save("I6-door-held-open")
    t = Trace().after(5).add("relay_welded").arrive(ALICE).after(1).upto_code().type().key()
    t.frame().pulse().open(released=False).after(1.5).add("strike_energised", what="weld")
    t.prompt("welcome").after(1).add("door_closed", who=ALICE).run_on(3)
    t.save("I6-welded-relay")
    t = Trace().after(5).arrive(MALLORY).add("tamper_opened", who=MALLORY).run_on(3)
    t.save("I6-enclosure-opened")
    t = Trace().after(5).arrive(MALLORY).after(1).turn(MALLORY).run_on(3).save("I6-early-key")
    t = Trace().after(5).arrive(ALICE).after(1).claim().frame()
    t.add("cable_unplugged", who=MALLORY, what="camera").run_on(3).save("I6-camera-unplugged")
    t = Trace()
    for _ in range(6):
        t.after(5).arrive(ALICE).after(1).upto_code().after(40)
        t.add("resend_pressed", who=ALICE).send().add("cancel_pressed", who=ALICE)
        t.prompt("cancelled").after(1).leave(ALICE)
    t.run_on(3).save("I6-twelve-codes-in-a-day")
    t = Trace()
    for _ in range(4):
        t.after(90).arrive(MALLORY).after(1).claim(MALLORY)
        for _ in range(3):
            t.frame(MALLORY, distance=0.9).after(0.8)
        t.prompt("not_recognised").after(1).leave(MALLORY)
    t.run_on(3).save("I6-twelve-strange-faces")
    t = Trace().after(5).arrive(MALLORY).add("door_opened", who=MALLORY, what="forced")
    t.after(3).add("alarm_raised", what="door_forced").run_on(3).save("I6-alarm-too-late")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().show(ALICE, faces=2)
    t.frame().pulse().open().run_on(3).save("I6-opened-for-two")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().show(ALICE, faces=2)
    t.frame(what="several_faces").prompt("one_person_only").run_on(3).save("I6-company-not-told")


def locked():
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame().pulse()
    t.open(released=False).after(1).add("terminal_died").after(8).run_on(1)
    t.save("I7-pulse-without-end")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame().pulse()
    t.after(1).add("power_lost").after(1).add("strike_released").save("I7-released-without-power")
    t = Trace().after(5).add("power_lost").after(5).add("strike_energised", what="pulse", number=5)
    t.add("grant_recorded", number=1).save("I7-energised-without-power")
    t = Trace().after(5).add("power_lost").after(5).add("power_restored")
    t.add("strike_energised", what="glitch", number=300).after(0.3).add("strike_released")
    t.after(1).add("terminal_started").save("I7-glitch-at-the-start")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().frame().pulse()
    t.open().after(20).add("door_closed", who=ALICE).run_on(3).save("I7-bolt-not-thrown")


def once():
    t = Trace().visit().after(10).arrive(ALICE).after(1).upto_code().type(message=1).key()
    t.frame().pulse().open().close().save("I8-code-used-twice")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().after(1)
    t.add("cancel_pressed", who=ALICE).prompt("cancelled").after(1).upto_code().type(message=1)
    t.key().frame().pulse().open().close().save("I8-code-of-an-earlier-visit")
    t = Trace(sites=2).after(5).arrive(ALICE).after(1).upto_code()
    t.leave(ALICE).arrive(BELLA, 2).after(1).upto_code(BELLA, 2, 8, 2).type(BELLA, 1, 2)
    t.key(BELLA, 2).frame(BELLA, site=2).pulse(BELLA, 2).open(BELLA, 2).close(BELLA, 2)
    t.save("I8-code-for-another-door")


def count():
    t = Trace().after(5).arrive(ALICE).after(1).upto_code()
    for attempts in (2, 1, 0, -1):
        t.type(message=0).prompt("code_not_accepted", 0, attempts)
    t.save("I9-fourth-try-at-once")
    # A resend fills the attempts up again.
    t = Trace().after(5).arrive(MALLORY).after(1).claim(MALLORY).face(MALLORY).send()
    for _ in range(2):
        for attempts in (2, 1):
            t.type(MALLORY, 0).prompt("code_not_accepted", 0, attempts)
        t.after(30).add("resend_pressed", who=MALLORY).send()
    t.save("I9-resend-forgets")
    # The power goes and the penalty with it.
    t = Trace().after(5).arrive(MALLORY).after(1).claim(MALLORY).face(MALLORY).send()
    for attempts in (2, 1):
        t.type(MALLORY, 0).prompt("code_not_accepted", 0, attempts)
    t.type(MALLORY, 0).prompt("refused_until", 300).after(2)
    t.add("power_lost").after(400).add("power_restored").add("terminal_started")
    t.prompt("welcome").after(5).claim(MALLORY).face(MALLORY).send().type(MALLORY, 0)
    t.prompt("code_not_accepted", 0, 2).save("I9-penalty-waited-out-without-power")
    t = Trace()
    for index in range(11):
        t.after(5 + 300 * 2 ** max(index - 2, 0)).arrive(MALLORY).after(1).claim(MALLORY)
        t.face(MALLORY).send().type(MALLORY, 0).prompt("not_recognised").leave(MALLORY)
    t.save("I9-eleventh-failure-compared")


def total():
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().after(118).type()
    t.prompt("turn_key", 30).run_on(5).save("I11-late-code-taken")
    t = Trace().after(5).arrive(ALICE).after(1).claim().face().send().prompt("turn_key", 30)
    t.run_on(5).save("I11-step-skipped")
    t = Trace().after(5).arrive(MALLORY).after(1).claim(MALLORY).frame(MALLORY, distance=0.9)
    t.send().run_on(5).save("I11-code-asked-without-a-face")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().prompt("turn_key", 30)
    t.after(60).turn().prompt("look_at_camera").frame().pulse().open().close()
    t.save("I11-key-turned-after-its-window")
    t = Trace().after(5).arrive(ALICE).after(1).upto_code().type().key().after(260).frame()
    t.pulse().open().close().save("I11-visit-without-end")
    t = Trace().after(5).arrive(MALLORY).after(1).add("strike_energised", what="pulse", number=5000)
    t.add("grant_recorded", number=1).after(5).add("strike_released")
    t.save("I11-release-outside-of-a-visit")


for make in (honest, fingers, authenticators, presence, policy, records, service, alarms, locked, once, count, total):
    make()
print(f"{len(list(FOLDER.glob('*.jsonl')))} traces in {FOLDER}")
