// The emulator against what the providers' documents say, asked by another client than our drivers.
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using sms_provider::Behaviour;
using sms_provider::ServerSetup;

const char* const form_type = "application/x-www-form-urlencoded";

TEST_CASE("sms emulator: a third party's client sends and asks as twilio's document says") {
    Provider provider([](ServerSetup& s) { s.deliver_after = 1h; });
    const sms_provider::Accounts accounts;
    httplib::Client client(provider.server->base_url());
    client.set_ca_cert_path(provider.trusted.c_str());
    client.set_basic_auth(accounts.twilio_sid, accounts.twilio_token);
    const std::string messages = "/2010-04-01/Accounts/" + accounts.twilio_sid + "/Messages";
    const httplib::Params params{
        {"To", "+15005550010"}, {"From", "+15005550006"}, {"Body", "Hello there"}};
    const auto created = client.Post(messages + ".json", params);
    REQUIRE(created);
    CHECK(created->status == 201);
    const Json message = Json::parse(created->body);
    CHECK(message["status"] == "queued");
    CHECK(message["error_code"].is_null());
    CHECK(message["num_segments"] == "1");
    CHECK(message["body"] == "Hello there");
    const std::string sid = message["sid"];
    CHECK(sid.size() == 34);
    CHECK(sid.starts_with("SM"));
    const auto fetched = client.Get(messages + "/" + sid + ".json");
    REQUIRE(fetched);
    CHECK(Json::parse(fetched->body)["sid"] == sid);
    CHECK(client.Get(messages + "/SM0.json")->status == 404);

    const auto xml = client.Post(messages, params);  // without ".json"
    CHECK(xml->status == 201);
    CHECK(xml->get_header_value("Content-Type") == "application/xml");
    CHECK(xml->body.starts_with("<?xml"));

    const auto bad = client.Post(
        messages + ".json", httplib::Params{{"To", "12"}, {"From", "+15005550006"}, {"Body", "x"}});
    CHECK(bad->status == 400);
    CHECK(Json::parse(bad->body)["code"] == 21211);
    client.set_basic_auth(accounts.twilio_sid, "another token");
    const auto stranger = client.Post(messages + ".json", params);
    CHECK(stranger->status == 401);
    CHECK(Json::parse(stranger->body)["code"] == 20003);
    CHECK(provider.server->taken().size() == 2);
}

TEST_CASE("sms emulator: a third party's client sends as fast2sms's document says") {
    Provider provider;
    httplib::Client client(provider.server->base_url());
    client.set_ca_cert_path(provider.trusted.c_str());
    const httplib::Headers key{{"authorization", sms_provider::Accounts().fast2sms_key}};
    const auto post = [&](const std::string& body) {
        const auto answer = client.Post("/dev/bulkV2", key, body, form_type);
        REQUIRE(answer);
        return std::pair(answer->status, Json::parse(answer->body));
    };
    const auto [status, sent] = post("variables_values=5599&route=otp&numbers=9999999999");
    CHECK(status == 200);
    CHECK(sent["return"] == true);
    CHECK(sent["request_id"].is_string());
    CHECK(post("variables_values=abc&route=otp&numbers=9999999999").second["status_code"] == 997);
    CHECK(post("variables_values=5599&route=otp").second["status_code"] == 405);
    CHECK(post("variables_values=5599&numbers=9999999999").second["status_code"] == 403);
    CHECK(post("route=dlt&message=1&numbers=9999999999").second["status_code"] == 401);
    const auto get = client.Get(
        "/dev/"
        "bulkV2?authorization=emulated-key&variables_values=7788&route=otp&numbers=9999999999");
    REQUIRE(get);
    CHECK(Json::parse(get->body)["return"] == true);
    const auto stranger = client.Post("/dev/bulkV2", "route=otp", form_type);
    CHECK(stranger->status == 401);
    CHECK(Json::parse(stranger->body)["status_code"] == 412);
    REQUIRE(provider.server->taken().size() == 2);
    CHECK(provider.server->taken()[0].text == "Your OTP: 5599");
}

TEST_CASE("sms emulator: a behaviour lasts as many requests as it was asked for") {
    sms_provider::Provider model;
    const sms_provider::Request request{"POST", "/dev/bulkV2", "emulated-key", form_type,
                                        "variables_values=5599&route=otp&numbers=9999999999"};
    model.behave(Behaviour::throttled, 2);
    CHECK(model.answer(request).status == 429);
    CHECK(model.answer(request).status == 429);
    CHECK(model.answer(request).status == 200);
    model.behave(Behaviour::unavailable);
    for (int i = 0; i < 5; ++i) CHECK(model.answer(request).status == 503);
    model.behave(Behaviour::honest);
    CHECK(model.answer(request).status == 200);
    CHECK(model.taken().size() == 2);
    model.behave(Behaviour::oversize);
    CHECK(model.answer(request).body.size() > 10'000'000);
}

TEST_CASE("sms emulator: every behaviour has a name of its own that leads back to it") {
    for (int i = 0; i < sms_provider::behaviours; ++i) {
        const auto behaviour = static_cast<Behaviour>(i);
        CHECK(sms_provider::behaviour_named(sms_provider::to_string(behaviour)) == behaviour);
    }
    CHECK_FALSE(sms_provider::behaviour_named("sulking"));
}

TEST_CASE("sms emulator: an occupied port is said, not waited for") {
    const Recorder taken("");
    ServerSetup setup;
    setup.port = taken.port();
    std::string said;
    try {
        const sms_provider::Server server(std::move(setup));
    } catch (const std::runtime_error& error) {
        said = error.what();
    }
    CHECK(said.find(std::to_string(taken.port())) != std::string::npos);
}

}  // namespace
}  // namespace strongroom::pi
