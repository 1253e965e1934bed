// The HTML report's style sheet: light and dark, narrow screens, paper. No web fonts, no images.
#pragma once

#include <string_view>

namespace strongroom::report {

inline constexpr std::string_view style_sheet = R"css(
:root{color-scheme:light dark;--ground:#fbfaf7;--card:#fff;--ink:#1c2126;--soft:#5b6570;--line:#dcd9d1;
--held:#1d7a4c;--breached:#b3261e;--toothless:#9a5b00;--inconclusive:#5f4b8b;--held-wash:#e4f3ea;
--breached-wash:#fbe6e4;--toothless-wash:#fbeed8;--inconclusive-wash:#ece7f6;--blue:#2f6db5;
--blue-wash:#dfeaf7;--grey:#8b939c;--grey-wash:#eceae4}
@media (prefers-color-scheme:dark){:root{--ground:#14181c;--card:#1c2227;--ink:#e8e6e1;--soft:#a2abb4;
--line:#333b43;--held:#5fc48d;--breached:#ff8a80;--toothless:#f0b357;--inconclusive:#b9a6e6;
--held-wash:#1b3a2a;--breached-wash:#46211f;--toothless-wash:#40301a;--inconclusive-wash:#322a49;
--blue:#7fb2ee;--blue-wash:#203751;--grey:#78828c;--grey-wash:#2a3138}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",
Roboto,"Noto Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 80px}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:0 0 4px;letter-spacing:.02em}
.headline{font-size:2.1rem;line-height:1.2;font-weight:700;margin:0 0 6px;text-wrap:balance}
.lead{color:var(--soft);max-width:70ch;margin:0 0 20px}
h2{font-size:1.25rem;margin:44px 0 12px}
h3{font-size:1.15rem;margin:0 0 4px}
h4{font-size:.95rem;margin:0 0 6px}
a{color:var(--blue)}
code,.mono{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.partial{border:2px solid var(--toothless);background:var(--toothless-wash);border-radius:8px;
padding:12px 16px;margin:0 0 20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0;padding:0;
list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px}
.tiles b{display:block;font-size:1.9rem;line-height:1.15;font-variant-numeric:tabular-nums}
.tiles span{color:var(--soft);font-size:.9rem}
.tiles .held b{color:var(--held)}.tiles .breached b{color:var(--breached)}
.tiles .toothless b{color:var(--toothless)}.tiles .inconclusive b{color:var(--inconclusive)}
.tiles .none b{color:var(--soft)}
.badge{display:inline-block;border-radius:99px;padding:1px 10px;font-size:.84rem;font-weight:600;
white-space:nowrap;border:1px solid currentColor}
.badge.held{color:var(--held);background:var(--held-wash)}
.badge.breached{color:var(--breached);background:var(--breached-wash)}
.badge.toothless{color:var(--toothless);background:var(--toothless-wash)}
.badge.inconclusive{color:var(--inconclusive);background:var(--inconclusive-wash)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);
border-radius:10px}
th,td{text-align:left;padding:8px 12px;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-size:.84rem;font-weight:600}
tbody th{font-weight:600;white-space:nowrap}
td.nowrap{white-space:nowrap}
.rests td{overflow-wrap:anywhere}.rests pre{font-size:.82rem;white-space:pre-wrap;margin:6px 0 0}
.rests th{width:22%;min-width:8.5em;white-space:normal;font-weight:500;color:var(--soft)}
.warn{font-weight:700;color:var(--toothless)}
article{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--line);
border-radius:10px;padding:20px 22px;margin:0 0 20px;scroll-margin-top:12px}
article.held{border-left-color:var(--held)}article.breached{border-left-color:var(--breached)}
article.toothless{border-left-color:var(--toothless)}
article.inconclusive{border-left-color:var(--inconclusive)}
.meta{color:var(--soft);font-size:.9rem;margin:0 0 10px}
.story{max-width:75ch;margin:0 0 12px}
.why{margin:0 0 14px;font-weight:600}
.arms{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:12px;margin:14px 0}
.arm{border:1px solid var(--line);border-radius:8px;padding:12px 14px;font-size:.93rem}
.arm.wrong{border:2px solid var(--breached)}
.arm p,.arm ul,.arm ol{margin:6px 0 0}.arm ul,.arm ol{padding-left:20px}
.fine,.arm .fine{color:var(--soft);font-size:.85rem}
.chips{list-style:none;display:flex;flex-wrap:wrap;gap:6px;margin:0 0 12px;padding:0}
.chips li{background:var(--grey-wash);border-radius:6px;padding:2px 9px;font-size:.88rem}
details{margin:10px 0 0}td details{margin:0}
summary{cursor:pointer;font-weight:600;font-size:.93rem;padding:4px 0}
.replay{background:var(--grey-wash);border-radius:6px;padding:8px 12px;margin:14px 0 0}
.site{margin:10px 0 0;font-weight:600;font-size:.9rem}
svg.classes{width:100%;height:auto;display:block}
svg text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
svg.classes text{font-size:13px}svg.classes .count{fill:var(--soft)}
rect.held{fill:var(--held)}rect.breached{fill:var(--breached)}rect.toothless{fill:var(--toothless)}
rect.inconclusive{fill:var(--inconclusive)}
svg.timeline{min-width:860px;width:100%;height:auto;display:block;margin:6px 0}
svg .lane{stroke:var(--line);stroke-width:1}svg text.lane{stroke:none;fill:var(--soft)}
svg .tick{stroke:var(--line);stroke-dasharray:2 3}
svg text.time,svg text.gap{fill:var(--soft);text-anchor:middle}
svg .plain circle{fill:var(--ink)}svg .plain rect{fill:var(--grey-wash);stroke:var(--grey)}
svg .screen rect{fill:var(--grey-wash);stroke:var(--line)}svg .screen text{fill:var(--soft)}
svg .frame rect,svg .frame circle{fill:var(--held-wash);stroke:var(--held)}
svg .poor rect,svg .poor circle{fill:var(--toothless-wash);stroke:var(--toothless)}
svg .open rect,svg .open circle{fill:var(--blue-wash);stroke:var(--blue)}
svg .alarm rect,svg .alarm circle{fill:var(--toothless-wash);stroke:var(--toothless);stroke-width:1.5}
svg .odd circle,svg .odd rect{fill:var(--inconclusive-wash);stroke:var(--inconclusive)}
svg .breach line{stroke:var(--breached);stroke-width:1.5;stroke-dasharray:5 3}
svg .breach circle{fill:var(--breached)}
svg .breach text{fill:var(--card);text-anchor:middle;font-weight:700}
.facts{font-size:.86rem}.facts td,.facts th{padding:3px 10px;font-variant-numeric:tabular-nums}
footer{color:var(--soft);font-size:.88rem;margin-top:40px}
@media (max-width:640px){main{padding:18px 12px 60px}.headline{font-size:1.6rem}article{padding:16px 14px}
th,td{padding:7px 8px}.wide{display:none}}
@media print{:root{--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--held:#1d7a4c;
--breached:#b3261e;--toothless:#9a5b00;--inconclusive:#5f4b8b;--held-wash:#eee;--breached-wash:#eee;
--toothless-wash:#eee;--inconclusive-wash:#eee;--blue:#2f6db5;--blue-wash:#e8e8e8;--grey:#888;
--grey-wash:#f2f2f2}main{max-width:none;padding:0}article{break-inside:avoid-page;border-width:1px}
.arm,svg{break-inside:avoid}svg.timeline{min-width:0}a{color:inherit}}
)css";

// Further, for pages of measurements. Series are told apart by dashes as well as by colour.
inline constexpr std::string_view plot_style_sheet = R"css(
:root{--s0:#2f6db5;--s1:#b3261e;--s2:#1d7a4c;--s3:#9a5b00;--s4:#5f4b8b;--s5:#5b6570}
@media (prefers-color-scheme:dark){:root{--s0:#7fb2ee;--s1:#ff8a80;--s2:#5fc48d;--s3:#f0b357;
--s4:#b9a6e6;--s5:#a2abb4}}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(400px,1fr));gap:16px;margin:12px 0}
@media (max-width:640px){.plots{grid-template-columns:1fr}}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px;
position:relative}
figure.wide,figure:has(svg.wide){grid-column:1/-1}
figcaption{position:absolute;top:10px;right:14px;font-size:.72rem;letter-spacing:.08em;
color:var(--soft)}
svg.plot{width:100%;height:auto;display:block}
svg.plot .grid{stroke:var(--line);stroke-width:1}svg.plot .frame{fill:none;stroke:var(--grey)}
svg.plot text.soft{fill:var(--soft)}svg.plot text.end{text-anchor:end}
svg.plot text.middle{text-anchor:middle}
svg.plot .s0{--c:var(--s0)}svg.plot .s1{--c:var(--s1)}svg.plot .s2{--c:var(--s2)}
svg.plot .s3{--c:var(--s3)}svg.plot .s4{--c:var(--s4)}svg.plot .s5{--c:var(--s5)}
svg.plot .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
svg.plot .s1 .line,svg.plot .s1.line{stroke-dasharray:7 4}
svg.plot .s2 .line{stroke-dasharray:2 3}svg.plot .s3 .line{stroke-dasharray:9 3 2 3}
svg.plot .s4 .line{stroke-dasharray:12 4}svg.plot .s5 .line{stroke-dasharray:4 2}
svg.plot .area{fill:var(--c);fill-opacity:.16;stroke:var(--c);stroke-width:1.5}
svg.plot .mark{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 3}
svg.plot .bounds{stroke:var(--c);stroke-width:2}svg.plot .dot{fill:var(--c)}
svg.plot .diagonal{stroke:var(--grey);stroke-dasharray:2 4}
table.figures{font-variant-numeric:tabular-nums;margin:10px 0 18px}
table.figures caption{text-align:left;padding:8px 12px;color:var(--soft);font-size:.9rem}
table.figures td{white-space:nowrap}table.figures td:last-child{white-space:normal;min-width:9em}
)css";

}  // namespace strongroom::report
