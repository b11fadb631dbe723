package dev.tidemill.rehearsal.report;

import java.util.List;

/// What is the same on every page.
final class Page {
    static final String STYLE =
            """
            :root{--bg:#fcfcfb;--fg:#1f2328;--quiet:#636a72;--grid:#e3e5e8;--card:#f2f3f5;--good:#1a7f37;--bad:#b42318;
            --s0:#1f6feb;--s1:#d9480f;--s2:#2b8a3e;--s3:#9c36b5;--s4:#b58900;--s5:#0b7285;--s6:#c2255c;--s7:#868e96}
            @media(prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e6e8ea;--quiet:#9aa2aa;--grid:#2c3138;--card:#1e2329;--good:#56d364;--bad:#ff7b72;
            --s0:#6ea8fe;--s1:#ff922b;--s2:#69db7c;--s3:#da77f2;--s4:#ffd43b;--s5:#3bc9db;--s6:#f783ac;--s7:#868e96}}
            *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
            main{max-width:1040px;margin:0 auto;padding:24px 20px 60px}h1{font-size:24px;margin:0 0 6px}h2{font-size:16px;margin:28px 0 6px}
            p{margin:4px 0 8px}.facts,.quiet{color:var(--quiet)}.advice{background:var(--card);border-left:4px solid var(--good);padding:10px 14px}
            .advice.misses{border-color:var(--bad)}.advice strong{display:block}svg{width:100%;height:auto;display:block}
            table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13.5px}th{font-weight:600;text-align:left;color:var(--quiet)}
            th,td{padding:3px 10px 3px 0;vertical-align:bottom;border-bottom:1px solid var(--grid)}td{white-space:nowrap;vertical-align:top}td.why{white-space:normal;min-width:340px}
            .good{color:var(--good)}.bad{color:var(--bad)}.wide{overflow-x:auto}.tall{overflow:auto;max-height:420px}
            .legend{font-size:13px;color:var(--quiet)}.legend span{margin-right:16px}.key{display:inline-block;width:12px;height:3px;margin:0 6px 3px 0;background:var(--c)}
            .grid{stroke:var(--grid)}.axis{fill:var(--quiet);font-size:11px}.line{fill:none;stroke:var(--c);stroke-width:1.5}
            .area{fill:var(--s7);opacity:.25}.dot{fill:var(--c)}.promise{stroke:var(--fg);stroke-dasharray:4 3}.mark{stroke:var(--bg)}.up{fill:var(--bad)}.down{fill:var(--good)}
            .see{fill:transparent}.see:hover{fill:var(--s7);opacity:.2}.oracle{--c:var(--fg)}.line.oracle{stroke-dasharray:3 3;opacity:.7}
            .s0{--c:var(--s0)}.s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}.s4{--c:var(--s4)}.s5{--c:var(--s5)}.s6{--c:var(--s6)}.s7{--c:var(--s7)}
            @media(max-width:760px){.wide svg{width:760px}.legend span{display:inline-block}}
            details{margin:14px 0}summary{cursor:pointer;font-weight:600}
            """;

    static final List<String> NOTES =
            List.of(
                    "Late: waited longer for a slot than the limit says. Minutes out: more requests late than promised.",
                    "The oracle orders, one start-up time ahead, exactly what each minute will need; nobody can be cheaper and keep every minute.",
                    "Reaction: from too many late requests to enough capacity again. Flaps: changes of direction within ten minutes.",
                    "A replica is paid for from its order on.",
                    "Intervals: days are drawn anew 2,000 times. They say nothing of days unlike these.",
                    "Played by minutes, unless said otherwise above: a backlog in steps of 5 s, and Erlang's waiting times of random service times within; the policy looks every 15 s and sees CPU 30 s late.");

    private Page() {}
}
