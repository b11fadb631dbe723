import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The quickstart as a newcomer meets it, from outside: only the launcher, the ports and the process
/// table. Run it with `java dev/blackbox/Quickstart.java` in a checkout; it uses a data folder of
/// its own and port 8080. It prints `N passed, N failed` and fails when anything did.
void main(String[] arguments) throws Exception {
    Checks checks = new Checks();
    Tidemill tidemill = new Tidemill(Path.of("").toAbsolutePath());
    try {
        firstStart(checks, tidemill);
        surface(checks, tidemill);
        commands(checks, tidemill);
        load(checks, tidemill);
        services(checks, tidemill);
        promotion(checks, tidemill);
        readme(checks, tidemill);
        down(checks, tidemill);
        warmStart(checks, tidemill);
        killedSupervisor(checks, tidemill);
        interrupted(checks, tidemill);
        new BadFiles(checks, tidemill).run();
    } finally {
        tidemill.run(Duration.ofSeconds(90), "down");
    }
    System.out.println("%d passed, %d failed".formatted(checks.passed(), checks.failed()));
    System.exit(checks.failed() == 0 ? 0 : 1);
}

void firstStart(Checks checks, Tidemill tidemill) throws Exception {
    Tidemill.Result up = tidemill.run(Duration.ofMinutes(5), "up", "--detach");
    System.out.println(up.output().indent(4));
    checks.that("up --detach returns 0 once predictions work", up.code() == 0);
    checks.that("the digits reach 98 %", accuracy(tidemill, "digits") >= 0.98);
    checks.that("the intents reach 90 %", accuracy(tidemill, "intents") >= 0.90);
    checks.that("the time line is printed", up.output().contains("| total "));
    Tidemill.Result seven =
            tidemill.run("predict", "digits", "--input", "examples/quickstart/seven.json");
    checks.that("a seven is a seven: " + seven.output().strip(), seven.output().startsWith("digits: 7 "));
}

double accuracy(Tidemill tidemill, String model) throws Exception {
    String json = tidemill.run("status", "--json").output();
    return Json.number(json, model, "accuracy");
}

void surface(Checks checks, Tidemill tidemill) throws Exception {
    Http http = new Http("http://127.0.0.1:8080");
    checks.that("live", http.get("/v2/health/live").code() == 200);
    checks.that("ready", http.get("/v2/health/ready").code() == 200);
    Http.Answer metadata = http.get("/v2/models/digits");
    checks.that("metadata: " + metadata.body(), metadata.code() == 200 && metadata.body().contains("\"inputs\""));
    Http.Answer infer = http.post("/v2/models/digits/infer", tidemill.read("examples/quickstart/seven.json"));
    checks.that("infer answers with the label 7", infer.code() == 200 && infer.body().contains("\"7\""));
    Http.Answer predict = http.post("/predict", tidemill.read("examples/quickstart/question.json"));
    checks.that(
            "predict: " + predict.body(),
            predict.code() == 200
                    && predict.body().contains("\"prediction\":\"homework\"")
                    && predict.body().contains("\"latency_ms\":")
                    && predict.body().contains("\"model_version\":\"1\""));
    checks.that("an unknown model is 404", http.post("/v2/models/nope/infer", "{}").code() == 404);
    checks.that("a broken request is 400", http.post("/v2/models/digits/infer", "{").code() == 400);
    Set<String> roles =
            tidemill.processes().stream().map(Tidemill.Proc::role).collect(Collectors.toSet());
    checks.that(
            "status lists every role: " + roles,
            roles.equals(Set.of("up", "control", "postgres", "gateway", "server")));
    checks.that("two replicas are ready", tidemill.readyServers() == 2);
    for (Tidemill.Proc server : tidemill.servers()) {
        long resident = ProcFs.residentMebibytes(server.pid());
        checks.that(server.name() + " uses at most 200 MB: " + resident, resident <= 200);
    }
    Tidemill.Result second = tidemill.run("up");
    checks.that(
            "a second up is refused: " + second.output().strip(),
            second.code() != 0 && second.output().contains("no other up uses"));
}

void commands(Checks checks, Tidemill tidemill) throws Exception {
    checks.that("scale pins", tidemill.run("scale", "digits", "3").code() == 0);
    checks.that("three replicas", tidemill.eventually(Duration.ofSeconds(20), () -> tidemill.readyServers() == 3));
    checks.that("scale releases", tidemill.run("scale", "digits", "auto").code() == 0);
    checks.that("two replicas", tidemill.eventually(Duration.ofSeconds(60), () -> tidemill.servers().size() == 2));
    checks.that("logs", tidemill.run("logs", "gateway", "-n", "5").code() == 0);
    Path model = tidemill.artifact("digits", "model.onnx");
    Tidemill.Result registered =
            tidemill.run("register", model.toString(), "--name", "mine", "--description", "a copy");
    checks.that("register: " + registered.output().strip(), registered.output().startsWith("mine version 1"));
    checks.that("promote", tidemill.run("promote", "mine", "1", "--alias", "production").code() == 0);
    checks.that("promote refuses what is not there", tidemill.run("promote", "mine", "9", "--alias", "x").code() != 0);
    checks.that("validate", tidemill.run("validate", "examples/quickstart/tidemill.yaml").code() == 0);
}

void load(Checks checks, Tidemill tidemill) throws Exception {
    Load load =
            new Load(
                    "http://127.0.0.1:8080/v2/models/digits/infer",
                    tidemill.read("examples/quickstart/seven.json"),
                    32);
    Peak peak = new Peak();
    Instant began = Instant.now();
    load.start(Duration.ofSeconds(30));
    long end = System.nanoTime() + Duration.ofSeconds(31).toNanos();
    boolean killed = false;
    while (System.nanoTime() < end) {
        List<Tidemill.Proc> ready = tidemill.servers().stream().filter(Tidemill.Proc::ready).toList();
        peak.see(ready.size());
        if (!killed && System.nanoTime() > end - Duration.ofSeconds(16).toNanos() && !ready.isEmpty()) {
            System.out.println("    kill -9 " + ready.getFirst().name());
            ProcFs.kill9(ready.getFirst().pid());
            killed = true;
        }
        // Each look is a process of its own: often enough to see replicas, seldom enough to leave the
        // cores to what is measured.
        Thread.sleep(Duration.ofSeconds(3));
    }
    Load.Result result = load.await();
    System.out.println("    " + result);
    checks.that("no request of %d failed with a kill -9 in the middle".formatted(result.requests()), result.failed() == 0);
    checks.that("load was real", result.requests() > 3_000);
    checks.that("replicas grew under load: " + peak.highest(), peak.highest() > 2);
    checks.that(
            "replicas are back at two within 60 s",
            tidemill.eventually(
                    Duration.ofSeconds(60),
                    () -> tidemill.servers().size() == 2 && tidemill.readyServers() == 2));
    String decisions = tidemill.run("status").output();
    checks.that("growth was explained", decisions.contains("requests in flight need"));
    explained(checks, tidemill, began);
}

/// What was decided can be asked for, and the first order came within 2 s of the load.
void explained(Checks checks, Tidemill tidemill, Instant began) throws Exception {
    Tidemill.Result words = tidemill.run("explain", "intents", "--since", "10m");
    checks.that(
            "explain says rule, signals and result of the pool",
            words.code() == 0
                    && words.output().contains(" of digits, ")
                    && words.output().contains("rule    concurrency, which wants")
                    && words.output().contains("saw     "));
    String json = tidemill.run("explain", "digits", "--since", "10m", "--json").output();
    List<Instant> grown = Json.growth(json).stream().filter(at -> !at.isBefore(began)).toList();
    double seconds = grown.isEmpty() ? Double.NaN : Duration.between(began, grown.getFirst()).toMillis() / 1e3;
    checks.that("from load to order at most 2 s: %.1f".formatted(seconds), seconds <= 2);
    checks.that("explain refuses what is not there", tidemill.run("explain", "nope").code() != 0);
}

void services(Checks checks, Tidemill tidemill) throws Exception {
    Http http = new Http("http://127.0.0.1:8080");
    for (String role : List.of("gateway", "control")) {
        long pid = tidemill.only(role).pid();
        ProcFs.kill9(pid);
        checks.that(
                role + " comes back after kill -9",
                tidemill.eventually(
                        Duration.ofSeconds(20),
                        () ->
                                tidemill.processes().stream()
                                        .anyMatch(p -> p.role().equals(role) && p.ready() && p.pid() != pid)));
    }
    checks.that(
            "and predictions work",
            http.post("/v2/models/digits/infer", tidemill.read("examples/quickstart/seven.json")).code() == 200);
}

/// After control was killed, so that it also shows that its new address is found.
void promotion(Checks checks, Tidemill tidemill) throws Exception {
    Path model = tidemill.artifact("digits", "model.onnx");
    Tidemill.Result second = tidemill.run("register", model.toString(), "--name", "digits");
    checks.that("a second version: " + second.output().strip(), second.output().startsWith("digits version 2"));
    Load load =
            new Load(
                    "http://127.0.0.1:8080/v2/models/digits/infer",
                    tidemill.read("examples/quickstart/seven.json"),
                    2,
                    "\"output\"");
    load.start(Duration.ofSeconds(20));
    Http http = new Http("http://127.0.0.1:8080");
    for (String version : List.of("2", "1")) {
        checks.that("promote " + version, tidemill.run("promote", "digits", version, "--alias", "production").code() == 0);
        checks.that(
                "version " + version + " is served soon after",
                tidemill.eventually(
                        Duration.ofSeconds(20),
                        () ->
                                http.get("/v2/models/digits").body().contains("\"versions\":[\"" + version + "\"]")
                                        && tidemill.readyServers() == 2
                                        && tidemill.servers().size() == 2));
    }
    Load.Result result = load.await();
    System.out.println("    " + result);
    checks.that("no request failed while versions changed", result.failed() == 0 && result.requests() > 50);
}

/// What README tells a newcomer to type works as it stands there.
void readme(Checks checks, Tidemill tidemill) throws Exception {
    boolean code = false;
    for (String line : tidemill.read("README.md").lines().toList()) {
        code = line.startsWith("```") ? line.equals("```sh") : code;
        if (code && (line.startsWith("./tidemill predict") || line.startsWith("./tidemill status") || line.startsWith("curl "))) {
            Tidemill.Result result = tidemill.shell(line.replace("curl ", "curl -sSf "));
            checks.that("README: " + line, result.code() == 0);
        }
    }
    Path copy = tidemill.scratch().resolve("mine");
    checks.that("init", tidemill.run("init", copy.toString()).code() == 0);
    checks.that("what init wrote is valid", tidemill.run("validate", copy.resolve("tidemill.yaml").toString()).code() == 0);
    checks.that("init overwrites nothing", tidemill.run("init", copy.toString()).code() != 0);
}

void down(Checks checks, Tidemill tidemill) throws Exception {
    List<Tidemill.Proc> before = tidemill.processes();
    checks.that("down", tidemill.run(Duration.ofSeconds(60), "down").code() == 0);
    checks.that("down leaves no process", before.stream().noneMatch(p -> ProcFs.alive(p.pid())));
    checks.that("a second down says that nothing runs", tidemill.run("down").output().contains("nothing runs"));
}

void warmStart(Checks checks, Tidemill tidemill) throws Exception {
    long before = System.nanoTime();
    Tidemill.Result up = tidemill.run(Duration.ofMinutes(1), "up", "--detach");
    double seconds = (System.nanoTime() - before) / 1e9;
    System.out.println(up.output().indent(4));
    checks.that("a second up trains nothing", up.output().contains("nothing to train"));
    checks.that("a warm start takes at most 8 s: %.1f".formatted(seconds), up.code() == 0 && seconds <= 8);
}

void killedSupervisor(Checks checks, Tidemill tidemill) throws Exception {
    List<Tidemill.Proc> before = tidemill.processes();
    // Worst first: control cannot stop PostgreSQL, then nobody is left to clean up.
    for (String role : List.of("control", "up")) {
        before.stream().filter(p -> p.role().equals(role)).forEach(p -> ProcFs.kill9(p.pid()));
    }
    checks.that(
            "servers and gateway end by themselves when the supervisor is killed",
            tidemill.eventually(
                    Duration.ofSeconds(20),
                    () ->
                            before.stream()
                                    .filter(p -> !p.role().equals("postgres"))
                                    .noneMatch(p -> ProcFs.alive(p.pid()))));
    checks.that("status says that nothing runs", tidemill.run("status").output().contains("nothing runs"));
    Tidemill.Result up = tidemill.run(Duration.ofMinutes(1), "up", "--detach");
    checks.that("the next up starts: " + up.lastLine(), up.code() == 0);
    checks.that(
            "the orphaned PostgreSQL was stopped",
            before.stream().filter(p -> p.role().equals("postgres")).noneMatch(p -> ProcFs.alive(p.pid())));
    checks.that("down", tidemill.run(Duration.ofSeconds(60), "down").code() == 0);
}

void interrupted(Checks checks, Tidemill tidemill) throws Exception {
    Process up = tidemill.start("up");
    checks.that(
            "up in the foreground is ready",
            tidemill.eventually(Duration.ofSeconds(60), () -> tidemill.readyServers() == 2));
    List<Tidemill.Proc> before = tidemill.processes();
    ProcFs.interrupt(tidemill.only("up").pid());
    checks.that("Ctrl-C ends it", up.waitFor(60, java.util.concurrent.TimeUnit.SECONDS));
    checks.that("and leaves no process", before.stream().noneMatch(p -> ProcFs.alive(p.pid())));
    checks.that("its lines came out of the pipe", tidemill.outputOf(up).contains("ready at"));
}
