"""Writes src/test/resources/hpa/cases.json: `python3 cases.py` beside this file, or `python3 cases.py --check FILE`.

A second model of the Kubernetes 1.35 horizontal pod autoscaler, written from its description and apart from the Java
one, and seeded random cases whose expectations it fills in. Where both agree, a mistake would have to be made twice.
`--check` runs a cases file against this model and counts.
"""
import json, math, random, sys
from pathlib import Path

I32, I64, NEVER = 2**31 - 1, 2**63 - 1, 1_000_000_000


class Fail(Exception):
    def __init__(self, why, label="internal"):
        super().__init__(why)
        self.label = label


def whole(a, b):
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


def group(pods, samples, res, env):
    ready, unready, missing, ignored = [], [], [], []
    for p in pods:
        n = p["name"]
        if p.get("deleting") or p.get("phase") == "Failed": ignored.append(n)
        elif p.get("phase") == "Pending": unready.append(n)
        elif n not in samples: missing.append(n)
        elif res == "cpu" and cold(p, samples[n], env): unready.append(n)
        else: ready.append(n)
    return ready, unready, missing, ignored


def cold(p, s, env):
    if p.get("ready") is None or p.get("startedAgo") is None: return True
    bad, started, changed = p["ready"] == "False", -p["startedAgo"], -p["readyChangedAgo"]
    if started + env["cpuInitializationSeconds"] > 0:
        return bad or -s["timestampAgo"] < changed + s["windowSeconds"]
    return bad and started + env["initialReadinessDelaySeconds"] > changed


def requests(pods, container, res, podlevel):
    out = {}
    for p in pods:
        own = p.get("podRequests") or {}
        if podlevel and own and not container:
            main = sum(c["requests"].get(res, 0) for c in p["containers"])
            out[p["name"]] = own.get(res, main)
            continue
        total = 0
        inits = [c for c in p.get("initContainers", []) if c.get("restartPolicy") == "Always"]
        for c in p["containers"] + inits:
            if container and c["name"] != container: continue
            if res not in c["requests"]:
                raise Fail("missing request for %s in container %s of Pod %s" % (res, c["name"], p["name"]))
            total += c["requests"][res]
        out[p["name"]] = total
    return out


def band(tol):
    return lambda r: not math.isnan(r) and 1 - tol[0] <= r <= 1 + tol[1]


def per_pod(m, spec, pods, tol, env):
    res = m["name"] if m["type"] != "Pods" else ""
    samples = {v["pod"]: v for v in m["values"]}
    if not samples: raise Fail("no metrics returned")
    if not pods: raise Fail("no pods returned by selector")
    ready, unready, missing, ignored = group(pods, samples, res, env)
    use = {n: v["value"] for n, v in samples.items() if n not in unready and n not in ignored}
    if not use: raise Fail("did not receive metrics for targeted pods")
    t = m["target"]
    share = m["type"] != "Pods" and t.get("averageValue") is None
    if share:
        goal = t["averageUtilization"]
        req = requests(pods, m.get("container", ""), res, env.get("podLevelResources", True))

        def measure():
            known = [n for n in use if n in req]
            if sum(req[n] for n in known) == 0: raise Fail("no metrics returned matched known pods")
            total = sum(use[n] for n in known)
            percent = whole(total * 100, sum(req[n] for n in known))
            return percent / goal, (percent, whole(total, len(known)))
    else:
        goal = t["averageValue"]

        def measure():
            mean = whole(sum(use.values()), len(use))
            return mean / goal, (-1, mean)
    inside = band(tol)
    r, shown = measure()
    lift = bool(unready) and r > 1
    if not lift and not missing:
        return (spec if inside(r) else math.ceil(r * len(ready))), shown
    for n in missing:
        if r < 1: use[n] = whole(req[n] * max(100, goal), 100) if share else goal
        if r > 1: use[n] = 0
    if lift:
        for n in unready: use[n] = 0
    r2, _ = measure()
    if inside(r2) or (r < 1 < r2) or (r > 1 > r2): return spec, shown
    n = math.ceil(r2 * len(use))
    if (r2 < 1 and n > spec) or (r2 > 1 and n < spec): n = spec
    return n, shown


def one(m, spec, status, pods, tol, env):
    kind, t = m["type"], m.get("target", {})
    if kind not in ("Resource", "ContainerResource", "Pods", "Object", "External"):
        raise Fail("unknown metric source type", "spec")
    if all(t.get(k) is None for k in ("averageUtilization", "averageValue", "value")): raise Fail("no target was set")
    if kind in ("Resource", "ContainerResource", "Pods"):
        return per_pod(m, spec, pods, tol, env)
    if not m["values"]: raise Fail("no metrics returned")
    v, inside = min(sum(m["values"]), I64), band(tol)
    shared = t.get("averageValue") is not None and (kind == "External" or t.get("value") is None)
    if not shared:
        r = v / t["value"]
        if spec == 0: return math.ceil(r), (-1, v)
        if inside(r): return spec, (-1, v)
        if not pods: raise Fail("no pods returned by selector")
        up = sum(p.get("phase") == "Running" and p.get("ready") == "True" for p in pods)
        return min(I32, math.ceil(r * up)), (-1, v)
    goal = t["averageValue"]
    r = v / (goal * status) if status else (math.nan if v == 0 else math.inf)
    n = status if inside(r) else min(I32, math.ceil(v / goal))
    return n, (-1, min(I64, math.ceil(v / status)) if status else 0)


def rules(given, default):
    out = dict(default)
    out.update({k: v for k, v in (given or {}).items() if v is not None})
    return out


def behavior(spec, env):
    b = spec.get("behavior")
    if b is None: return None
    up = {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": [
        {"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}]}
    down = {"stabilizationWindowSeconds": env.get("downscaleStabilizationSeconds", 300), "selectPolicy": "Max",
            "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}]}
    return rules(b.get("scaleUp"), up), rules(b.get("scaleDown"), down)


def change(events, period):
    return sum(e["replicaChange"] for e in events if e["ago"] < period)


def reach(cur, r, ups, downs, up):
    if r["selectPolicy"] == "Disabled": return cur
    got = []
    for p in r["policies"]:
        s = cur - change(ups, p["periodSeconds"]) + change(downs, p["periodSeconds"])
        v = p["value"]
        if p["type"] == "Pods": got.append(s + v if up else s - v)
        else: got.append(math.ceil(s * (1 + v / 100)) if up else int(s * (1 - v / 100)))
    return max(got) if (r["selectPolicy"] == "Min") != up else min(got)


def rate(cur, want, lo, hi, b, ups, downs):
    if want > cur:
        lim = max(cur, reach(cur, b[0], ups, downs, True))
        if want > min(hi, lim): return (lim, "ScaleUpLimit") if hi > lim else (hi, "TooManyReplicas")
    if want < cur:
        lim = min(cur, reach(cur, b[1], ups, downs, False))
        if want < max(lo, lim): return (lim, "ScaleDownLimit") if lo < lim else (lo, "TooFewReplicas")
    return want, "DesiredWithinRange"


def plain(cur, want, lo, hi, env):
    step = int(max(env["scaleUpLimitFactor"] * cur, env.get("scaleUpLimitMinimum", 4)))
    if want < lo: return lo, "TooFewReplicas"
    if want > min(hi, step): return (step, "ScaleUpLimit") if hi > step else (hi, "TooManyReplicas")
    return want, "DesiredWithinRange"


def smooth_plain(want, recs, window):
    return max([want] + [r["recommendation"] for r in recs if r["ago"] <= window])


def smooth(cur, want, recs, up, down):
    low = min([want] + [r["recommendation"] for r in recs if r["ago"] < up])
    high = max([want] + [r["recommendation"] for r in recs if r["ago"] < down])
    return min(max(cur, low), high)


def tolerances(spec, env):
    tol = [env["tolerance"]] * 2
    if env.get("configurableTolerance") and spec.get("behavior"):
        for i, k in enumerate(("scaleDown", "scaleUp")):
            own = (spec["behavior"].get(k) or {}).get("tolerance")
            if own is not None: tol[i] = own
    return tol


def direction(cur, n):
    return "scale_up" if n > cur else "scale_down" if n < cur else "none"


def run_pass(c):
    env, spec, cl, st = c["env"], c["spec"], c["cluster"], c["state"]
    cur, lo, hi = cl["specReplicas"], spec["minReplicas"], spec["maxReplicas"]
    cond, out = {"AbleToScale": ("True", "SucceededGetScale")}, {}

    def done(n, failed, extra=None):
        if n != cur: cond["AbleToScale"] = ("True", "SucceededRescale")
        got = {"expectedReplicas": n, "expectedAction": direction(cur, n),
               "expectedErrorLabel": "internal" if failed else "none",
               "expectedConditions": [{"type": k, "status": v[0], "reason": v[1]} for k, v in cond.items()]}
        got.update(extra or {})
        return got
    recs = st.get("recommendations")
    if recs is None: recs = [{"recommendation": cur, "ago": 0}]
    if cur == 0 and lo != 0:
        cond["ScalingActive"] = ("False", "ScalingDisabled")
        return done(0, False)
    if cur > hi: return done(hi, False)
    if cur < lo: return done(lo, False)
    if cl.get("selector"):
        cond["ScalingActive"] = ("False", cl["selector"])
        return done(cur, True)
    best, first, acts, errs, bad = 0, None, {}, {}, 0
    for m in c["metrics"]:
        try:
            if any(m["type"].endswith(e) for e in cl.get("metricErrors", [])): raise Fail("down")
            n, _ = one(m, cur, cl["statusReplicas"], c["pods"], tolerances(spec, env), env)
            acts.setdefault(m["type"], direction(cur, n))
            errs.setdefault(m["type"], "none")
            if best == 0 or n > best: best = n
        except Fail as f:
            bad += 1
            acts.setdefault(m["type"], "none")
            errs.setdefault(m["type"], f.label)
            first = first or ("InvalidMetricSourceType" if f.label == "spec" else "FailedGet%sMetric" % m["type"])
    extra = {"expectedPerMetricAction": acts, "expectedPerMetricError": errs}
    if bad == len(c["metrics"]) or (bad and best < cur):
        cond["ScalingActive"] = ("False", first)
        return done(cur, True, extra)
    cond["ScalingActive"] = ("True", "ValidMetricFound")
    b = behavior(spec, env)
    if b is None:
        s = smooth_plain(best, recs, env["downscaleStabilizationSeconds"])
        n, why = plain(cur, s, lo, hi, env)
        held = "ScaleDownStabilized"
    else:
        s = smooth(cur, best, recs, b[0]["stabilizationWindowSeconds"], b[1]["stabilizationWindowSeconds"])
        n, why = rate(cur, s, lo, hi, b, st.get("scaleUpEvents", []), st.get("scaleDownEvents", []))
        held = "ScaleUpStabilized" if best >= cur else "ScaleDownStabilized"
    cond["AbleToScale"] = ("True", "ReadyForNewScale" if s == best else held)
    cond["ScalingLimited"] = ("True" if n != s else "False", why)
    return done(n, bool(bad), extra)


def run_calc(c):
    env, m = c["env"], c["metrics"][0]
    try:
        cur = c["spec"]["currentReplicas"]
        n, (percent, usage) = one(m, cur, cur, c["pods"], (env["toleranceDown"], env["toleranceUp"]), env)
    except Fail as f:
        return {"expectedReplicas": None, "expectedError": str(f)}
    if percent >= 0:
        return {"expectedReplicas": n, "expectedUtilizationPercent": percent, "expectedAverageMilli": usage}
    return {"expectedReplicas": n, "expectedUsageMilli": usage}


def run_rate(c):
    s, st = c["spec"], c["state"]
    n, why = rate(s["currentReplicas"], s["stabilizedReplicas"], s["minReplicas"], s["maxReplicas"],
                  behavior(s, c.get("env", {})), st["scaleUpEvents"], st["scaleDownEvents"])
    return {"expectedReplicas": n, "expectedReason": why}


def run_limits(c):
    s = c["spec"]
    n, why = plain(s["currentReplicas"], s["stabilizedReplicas"], s["minReplicas"], s["maxReplicas"], c["env"])
    return {"expectedReplicas": n, "expectedReason": why}


def run_smooth(c):
    s = c["spec"]
    recs, up, down = c["state"]["recommendations"], s["scaleUpWindowSeconds"], s["scaleDownWindowSeconds"]
    log = [r["recommendation"] for r in recs]
    old = [i for i, r in enumerate(recs) if r["ago"] > up and r["ago"] > down]
    if old: log[old[-1]] = s["proposedReplicas"]
    else: log.append(s["proposedReplicas"])
    return {"expectedReplicas": smooth(s["currentReplicas"], s["proposedReplicas"], recs, up, down), "expectedLog": log}


def run_smooth_plain(c):
    recs, w = c["state"]["recommendations"], c["env"]["downscaleStabilizationSeconds"]
    return {"expectedReplicas": smooth_plain(c["spec"]["proposedReplicas"], recs, w),
            "expectedLogLength": len(recs) + (0 if any(r["ago"] > w for r in recs) else 1)}


def run_groups(c):
    m = c["metrics"][0]
    r, u, mi, i = group(c["pods"], {v["pod"]: v for v in m["values"]}, m["name"], c["env"])
    return {"expectedReplicas": None, "expected": {"ready": len(r), "unready": u, "missing": mi, "ignored": i}}


def run_requests(c):
    s = c["spec"]
    try:
        return {"expectedReplicas": None, "expectedError": None, "expected": requests(
            c["pods"], s["container"], s["resource"], c["env"]["podLevelResources"])}
    except Fail as f:
        return {"expectedReplicas": None, "expectedError": str(f), "expected": None}


def run_events(c):
    s, events = c["spec"], [dict(e) for e in c["state"]["events"]]
    out = [{"replicaChange": e["replicaChange"], "outdated": False} for e in events]
    if s["rules"] is not None:
        longest = max(p["periodSeconds"] for p in s["rules"]["policies"])
        old = [i for i, e in enumerate(events) if e["ago"] > longest]
        for i in old: out[i]["outdated"] = True
        new = {"replicaChange": s["newChange"], "outdated": False}
        if old: out[old[-1]] = new
        else: out.append(new)
    return {"expectedReplicas": None, "expectedChangeInWindowBefore": change(events, s["windowSeconds"]),
            "expectedEvents": out}


def run_limit(up):
    default = {"selectPolicy": "Max", "policies": []}
    return lambda c: {"expectedReplicas": reach(
        c["spec"]["currentReplicas"], rules(c["spec"]["rules"], default), [], [], up)}


RUN = {"hpa": run_pass, "replicaCalc": run_calc, "behaviorRate": run_rate, "limitsNoBehavior": run_limits,
       "stabilizeBehavior": run_smooth, "stabilizeNoBehavior": run_smooth_plain, "groupPods": run_groups,
       "requests": run_requests, "scaleEvents": run_events, "scaleUpLimit": run_limit(True),
       "scaleDownLimit": run_limit(False)}


# ---- cases -----------------------------------------------------------------------------------------------------------

def policies(g, n=None):
    return [{"type": g.choice(["Pods", "Percent"]), "value": g.choice([1, 2, 3, 4, 7, 10, 20, 33, 50, 90, 100, 150]),
             "periodSeconds": g.choice([15, 30, 60, 120, 300])} for _ in range(n or g.randint(1, 3))]


def some_rules(g):
    out = {}
    if g.random() < .6: out["stabilizationWindowSeconds"] = g.choice([0, 30, 60, 120, 300])
    if g.random() < .5: out["selectPolicy"] = g.choice(["Max", "Min", "Disabled"])
    if g.random() < .7: out["policies"] = policies(g)
    if g.random() < .3: out["tolerance"] = g.choice([0, 0.01, 0.05, 0.2, 0.34])
    return out


def some_behavior(g):
    out = {}
    if g.random() < .7: out["scaleUp"] = some_rules(g)
    if g.random() < .7: out["scaleDown"] = some_rules(g)
    return out


def some_pods(g, n):
    pods = []
    for i in range(n):
        p = {"name": "p%d" % i, "phase": "Running", "ready": "True", "startedAgo": NEVER, "readyChangedAgo": NEVER,
             "containers": [{"name": "a", "requests": {"cpu": g.choice([100, 150, 333, 1000])}},
                            {"name": "b", "requests": {"cpu": g.choice([0, 100, 250])}}]}
        x = g.random()
        if x < .06: p["phase"] = g.choice(["Pending", "Failed", "Succeeded"])
        elif x < .10: p["deleting"] = True
        elif x < .16: p.update(ready="False", startedAgo=NEVER, readyChangedAgo=g.choice([NEVER, 500]))
        elif x < .24: p.update(ready=g.choice(["True", "False"]), startedAgo=g.choice([5, 50, 119, 121, 299, 301, 900]),
                               readyChangedAgo=g.choice([0, 4, 40, 118]))
        elif x < .26: del p["ready"]; del p["readyChangedAgo"]
        if g.random() < .02: p["containers"][1]["requests"] = {}
        if g.random() < .05: p["initContainers"] = [
            {"name": "side", "requests": {"cpu": 50}, **({"restartPolicy": "Always"} if g.random() < .5 else {})}]
        if g.random() < .05: p["podRequests"] = {"cpu": 400}
        pods.append(p)
    return pods


def some_metric(g, pods):
    kind = g.choice(["Resource"] * 4 + ["Pods"] * 2 + ["Object", "External", "ContainerResource"])
    m = {"type": kind, "name": "cpu" if kind.endswith("Resource") else "queue"}
    if kind.endswith("Resource") and g.random() < .15: m["name"] = "memory"
    if m["name"] == "memory":
        for p in pods:
            for c in p["containers"]: c["requests"].setdefault("memory", 512000)
            for c in p.get("initContainers", []): c["requests"].setdefault("memory", 1000)
    if kind == "ContainerResource": m["container"] = "a"
    if kind in ("Object", "External"):
        goal = g.choice([1, 7, 1000, 3333])
        m["target"] = {g.choice(["value", "averageValue"]): goal}
        many = 1 if kind == "Object" else g.randint(0, 3)
        m["values"] = [int(goal * max(1, len(pods)) * g.choice([0, .3, .5, .9, 1, 1.1, 1.2, 2, 5])) for _ in range(many)]
        return m
    level = g.choice([0, .2, .5, .8, .9, 1, 1.05, 1.1, 1.2, 2, 4])
    if kind == "Pods" or g.random() < .25:
        goal = g.choice([10, 999, 15000])
        m["target"] = {"averageValue": goal}
        base = goal * level
    else:
        goal = g.choice([30, 50, 70, 100, 120])
        m["target"] = {"averageUtilization": goal}
        base = (512000 if m["name"] == "memory" else 400) * goal / 100 * level
    m["values"] = [{"pod": p["name"], "value": int(base * g.uniform(.8, 1.2)), "timestampAgo": g.choice([0, 10, 60]),
                    "windowSeconds": g.choice([30, 60])} for p in pods if g.random() < .9]
    if g.random() < .03: m["values"].append({"pod": "stranger", "value": 5000, "timestampAgo": 0, "windowSeconds": 60})
    return m


def past(g, key, most):
    return [{key: g.randint(1, most), "ago": g.choice([1, 14, 20, 29, 45, 59, 61, 119, 200, 299, 301, 700])}
            for _ in range(g.randint(0, 4))]


def some_pass(g, i):
    n = g.choice([0, 1, 1, 2, 3, 4, 5, 8, 13])
    pods = some_pods(g, n)
    lo, hi = g.choice([0, 1, 1, 2, 3]), g.choice([3, 6, 10, 100])
    spec = {"minReplicas": min(lo, hi), "maxReplicas": hi}
    state = {"recommendations": g.choice([None, [], [], past(g, "recommendation", 15)])}
    if g.random() < .6:
        spec["behavior"] = some_behavior(g)
        state["scaleUpEvents"], state["scaleDownEvents"] = past(g, "replicaChange", 5), past(g, "replicaChange", 5)
    metrics = [some_metric(g, pods) for _ in range(g.choice([1, 1, 2, 3]))]
    if g.random() < .04: metrics.append({"type": "Gouda"})
    cluster = {"specReplicas": n, "statusReplicas": max(0, n + g.choice([0, 0, 0, 1, -1]))}
    if g.random() < .1: cluster["metricErrors"] = [g.choice(["Resource", "Pods", "Object", "External"])]
    if g.random() < .03: cluster["selector"] = g.choice(["InvalidSelector", "AmbiguousSelector"])
    env = {"tolerance": .1, "cpuInitializationSeconds": g.choice([120, 300]), "initialReadinessDelaySeconds": 30,
           "downscaleStabilizationSeconds": g.choice([60, 300]), "scaleUpLimitFactor": g.choice([2, 2, 8]),
           "configurableTolerance": g.random() < .8}
    return {"name": "random/pass-%d" % i, "kind": "hpa", "env": env, "spec": spec, "cluster": cluster, "state": state,
            "metrics": metrics, "pods": pods}


def some_calc(g, i):
    n = g.randint(1, 12)
    pods = some_pods(g, n)
    env = {"cpuInitializationSeconds": 120, "initialReadinessDelaySeconds": 10,
           "toleranceDown": g.choice([0, .1, .1, .3]), "toleranceUp": g.choice([0, .1, .1, .05])}
    return {"name": "random/calc-%d" % i, "kind": "replicaCalc", "env": env,
            "spec": {"currentReplicas": max(1, n + g.choice([0, 0, 0, -1, 2]))}, "metrics": [some_metric(g, pods)],
            "pods": pods}


def some_rate(g, i):
    return {"name": "random/rate-%d" % i, "kind": "behaviorRate",
            "spec": {"minReplicas": g.choice([0, 1, 5]), "maxReplicas": g.choice([20, 200, 1000]),
                     "currentReplicas": g.choice([1, 3, 7, 29, 100, 110]), "stabilizedReplicas": g.randint(0, 300),
                     "behavior": some_behavior(g)},
            "state": {"scaleUpEvents": past(g, "replicaChange", 9), "scaleDownEvents": past(g, "replicaChange", 9)},
            "metrics": [], "pods": []}


def some_smooth(g, i):
    if g.random() < .5:
        return {"name": "random/window-%d" % i, "kind": "stabilizeNoBehavior",
                "env": {"downscaleStabilizationSeconds": g.choice([0, 60, 300])},
                "spec": {"proposedReplicas": g.randint(1, 20)}, "state": {"recommendations": past(g, "recommendation", 20)},
                "metrics": [], "pods": []}
    return {"name": "random/windows-%d" % i, "kind": "stabilizeBehavior",
            "spec": {"currentReplicas": g.randint(1, 20), "proposedReplicas": g.randint(1, 20),
                     "scaleUpWindowSeconds": g.choice([0, 30, 60, 300]), "scaleDownWindowSeconds": g.choice([0, 60, 300])},
            "state": {"recommendations": past(g, "recommendation", 20)}, "metrics": [], "pods": []}


def some_parts(g, i):
    pods = some_pods(g, g.randint(0, 6))
    pick = g.randint(0, 3)
    base = {"metrics": [], "pods": []}
    if pick == 0:
        m = {"type": "Resource", "name": g.choice(["cpu", "cpu", "memory"]), "values": [
            {"pod": p["name"], "value": 1, "timestampAgo": g.choice([0, 30, 90]), "windowSeconds": 60}
            for p in pods if g.random() < .8]}
        return {**base, "name": "random/groups-%d" % i, "kind": "groupPods", "spec": {}, "metrics": [m], "pods": pods,
                "env": {"cpuInitializationSeconds": 120, "initialReadinessDelaySeconds": 10}}
    if pick == 1:
        return {**base, "name": "random/requests-%d" % i, "kind": "requests", "pods": pods,
                "env": {"podLevelResources": g.random() < .5}, "spec": {"container": g.choice(["", "a"]), "resource": "cpu"}}
    if pick == 2:
        r = None if g.random() < .2 else {"selectPolicy": "Max", "policies": policies(g)}
        return {**base, "name": "random/events-%d" % i, "kind": "scaleEvents",
                "spec": {"rules": r, "newChange": g.randint(1, 9), "windowSeconds": g.choice([15, 60, 300])},
                "state": {"events": past(g, "replicaChange", 9)}}
    up = g.random() < .5
    return {**base, "name": "random/limit-%d" % i, "kind": "scaleUpLimit" if up else "scaleDownLimit",
            "spec": {"currentReplicas": g.randint(1, 120), "rules": {
                "selectPolicy": g.choice(["Max", "Min", "Disabled"]), "policies": policies(g)}}}


def write():
    g = random.Random(20261121)
    makers = [(some_pass, 90), (some_calc, 60), (some_rate, 30), (some_smooth, 16), (some_parts, 24)]
    cases = json.loads(Path(__file__).with_name("by-hand.json").read_text())
    for make, n in makers:
        for i in range(n):
            c = make(g, i)
            c.update(RUN[c["kind"]](c))
            cases.append(c)
    head = '{"about": "Written by src/test/hpa/cases.py: by-hand.json, then seeded random cases. Quantities are milli-units,' \
           ' times are seconds before now (1e9 = never set).", "cases": [\n'
    out = Path(__file__).parents[1] / "resources" / "hpa" / "cases.json"
    out.write_text(head + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")
    print(len(cases), "cases")


def check(path):
    good = bad = 0
    for c in json.loads(Path(path).read_text())["cases"]:
        got = RUN[c["kind"]](c)
        wrong = {k: (v, c[k]) for k, v in got.items()
                 if k in c and v != c[k] and not (k == "expectedError" and v and c[k] and (c[k] in v or v in c[k]))}
        good, bad = good + (not wrong), bad + bool(wrong)
        if wrong: print(c["name"], wrong)
    print("%d passed, %d failed" % (good, bad))


if __name__ == "__main__":
    check(sys.argv[2]) if len(sys.argv) == 3 else write()
