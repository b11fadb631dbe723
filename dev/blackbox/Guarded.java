import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `up` of a file whose gateway asks for keys, counts money, keeps answers, looks for what must not
/// pass, writes down who asked, speaks gRPC, and leads to a program of anybody's on the paths that
/// portals and APIs use. Run it with `java dev/blackbox/Guarded.java` in a
/// checkout; it uses a data folder and ports of its own.
void main() throws Exception {
    Checks checks = new Checks();
    Tidemill tidemill = new Tidemill(Path.of("").toAbsolutePath());
    try (Provider provider = new Provider()) {
        String made = tidemill.run("key").output();
        String key = between(made, "key:\\s+(\\S+)");
        tidemill.set("PORTAL_KEY", key);
        Path file = file(tidemill, provider, between(made, "hash:\\s+(\\S+)"));
        Tidemill.Result up = tidemill.run(Duration.ofMinutes(5), "up", "--detach", file.toString());
        System.out.println(up.output().indent(4));
        checks.that("up of a gateway with keys returns 0", up.code() == 0);
        String status = tidemill.run("status", "--json").output();
        Gateway gateway =
                new Gateway(
                        between(status, "\"gateway\"\\s*:\\s*\"([^\"]+)\""),
                        between(status, "\"metrics\"\\s*:\\s*\"([^\"]+)\""),
                        key);
        answers(checks, gateway, provider);
        audit(checks, tidemill);
        metrics(checks, gateway);
        keys(checks, tidemill, key);
        paths(checks, tidemill, gateway, key);
        apps(checks, tidemill, gateway);
        grpc(checks, tidemill, between(status, "\"grpc\"\\s*:\\s*\"[^\"]*:(\\d+)\""), key);
    } finally {
        tidemill.run(Duration.ofSeconds(90), "down");
    }
    System.out.println("%d passed, %d failed".formatted(checks.passed(), checks.failed()));
    System.exit(checks.failed() == 0 ? 0 : 1);
}

Path file(Tidemill tidemill, Provider provider, String hash) throws Exception {
    String quickstart = tidemill.read("examples/quickstart/tidemill.yaml");
    String[] documents = quickstart.split("(?m)^---$");
    String models =
            String.join("---", documents[0], documents[1], documents[2], documents[3])
                    .replace("path: data/", "path: " + Path.of("examples/quickstart/data").toAbsolutePath() + "/")
                    .replace("min: 2", "min: 1");
    String gateway =
            """
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: App
            metadata: {name: portal}
            spec:
              command: ["JAVA", "PROGRAM"]
              env: {GREETING: "Ahoy from $(PORT)"}
              secrets: [{env: PORTAL_KEY}]
              health: {path: /health}
              scaling: {min: 2, max: 3}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Gateway
            metadata: {name: gateway}
            spec:
              listeners: [{host: 127.0.0.1, port: 0, grpcPort: 0}]
              routes:
              - {name: chat, models: [tide-1], upstreams: [{url: "PROVIDER"}]}
              - {name: vectors, models: [embedder], upstreams: [{url: "PROVIDER"}]}
              - {path: /api/v1/predict, model: intents}
              - {path: /api/ai, app: portal}
              - {path: /portal, app: portal, stripPath: true}
              prices: {models: [{names: [tide-1], input: 2, output: 4}]}
              access: {keys: [{name: portal, team: school, secrets: [{hash: "HASH"}]}]}
              audit: {}
              guardrails:
              - {name: personal, routes: [chat], patterns: [{pattern: email}]}
              caches:
              - {routes: [chat], semantic: {model: embedder, threshold: 0.97}}
            """
                    .replace("PROVIDER", provider.url())
                    .replace("HASH", hash)
                    .replace("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString())
                    .replace("PROGRAM", Path.of("examples/app/Portal.java").toAbsolutePath().toString());
    return Files.writeString(tidemill.scratch().resolve("guarded.yaml"), models + gateway);
}

void answers(Checks checks, Gateway gateway, Provider provider) throws Exception {
    HttpResponse<String> first = gateway.ask("When is high tide? I am bob@example.com", "r-1");
    checks.that("a chat is answered: " + first.body(), first.statusCode() == 200);
    checks.that("the provider hears no address of mail", provider.asked().getFirst().contains("[EMAIL]"));
    checks.that("nor does the client", first.body().contains("[EMAIL]") && !first.body().contains("ann@"));
    checks.that("the first is a miss", cache(first).equals("miss"));
    HttpResponse<String> second = gateway.ask("When is high tide? I am bob@example.com", "r-2");
    checks.that("the second is a hit", cache(second).equals("hit") && second.body().equals(first.body()));
    HttpResponse<String> third = gateway.ask("At which hour does the tide stand highest?", "r-3");
    checks.that("one that means the same: " + cache(third), cache(third).startsWith("semantic; similarity="));
    checks.that("the provider was asked once", provider.asked().size() == 1);
    HttpResponse<String> fourth = gateway.ask("Who was Ada Lovelace?", "r-4");
    checks.that("another one is a miss", cache(fourth).equals("miss") && provider.asked().size() == 2);
}

String cache(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-tidemill-cache").orElse("");
}

void audit(Checks checks, Tidemill tidemill) throws Exception {
    boolean there =
            tidemill.eventually(
                    Duration.ofSeconds(20),
                    () -> tidemill.run("audit", "--json").output().contains("\"r-4\""));
    checks.that("audit entries are in control", there);
    String first = tidemill.run("audit", "--json", "--request-id", "r-1").output();
    for (String wanted :
            new String[] {
                "\"key\":\"portal\"",
                "\"team\":\"school\"",
                "\"model\":\"tide-1\"",
                "\"route\":\"chat\"",
                "\"inputTokens\":1000",
                "\"outputTokens\":500",
                "\"costMicros\":4000",
                "\"decision\":\"redacted\""
            }) {
        checks.that("the first says " + wanted, first.contains(wanted));
    }
    String hits = tidemill.run("audit", "--json", "--request-id", "r-3").output();
    checks.that("the third says that it was kept: " + hits.strip(), hits.contains("semantic"));
    String table = tidemill.run("audit", "--key", "portal", "-n", "1").output();
    checks.that("audit prints a table: " + table.strip(), table.contains("tide-1") && table.contains("portal"));
}

void metrics(Checks checks, Gateway gateway) throws Exception {
    String metrics = gateway.metrics();
    for (String wanted :
            new String[] {
                "tidemill_gateway_audit_total{result=\"dropped\"} 0.0",
                "tidemill_gateway_cache_total{cache=\"cache-1\",result=\"hit\"} 1.0",
                "tidemill_gateway_cache_total{cache=\"cache-1\",result=\"semantic\"} 1.0",
                "tidemill_gateway_guardrail_total{action=\"redact\",found=\"email\",guardrail=\"personal\"}",
                "gen_ai_client_token_usage_count"
            }) {
        checks.that("metrics have " + wanted, metrics.contains(wanted));
    }
    String cost = between(metrics, "tidemill_gateway_cost_total\\{model=\"chat\"\\} (\\S+)");
    checks.that("two answers cost 0.008: " + cost, Math.abs(Double.parseDouble(cost) - 0.008) < 1e-9);
}

void keys(Checks checks, Tidemill tidemill, String key) throws Exception {
    String seven = "examples/quickstart/seven.json";
    Tidemill.Result without = tidemill.run("predict", "digits", "--input", seven);
    checks.that("predict without a key is refused: " + without.output().strip(), without.code() != 0 && without.output().contains("401"));
    Tidemill.Result with = tidemill.run("predict", "digits", "--input", seven, "--key", key);
    checks.that("with it a seven is a seven: " + with.output().strip(), with.output().startsWith("digits: 7 "));
}

/// The paths of a portal: a prediction, a question, a question whose answer streams.
void paths(Checks checks, Tidemill tidemill, Gateway gateway, String key) throws Exception {
    HttpResponse<String> predicted =
            gateway.post("/api/v1/predict", tidemill.read("examples/quickstart/question.json"));
    checks.that(
            "/api/v1/predict is a prediction: " + predicted.body(),
            predicted.statusCode() == 200 && predicted.body().contains("\"prediction\":\""));
    checks.that("of a server of ours: " + by(predicted), by(predicted).startsWith("digits-"));
    HttpResponse<String> asked =
            gateway.post("/api/ai", "{\"model\":\"tide-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Who mills?\"}]}");
    checks.that("/api/ai is answered by the app: " + by(asked), by(asked).startsWith("portal-"));
    checks.that(
            "which asked a model through the gateway, with its own key: " + asked.body(),
            asked.statusCode() == 200 && asked.body().contains("Twice a day."));
    HttpResponse<String> streamed = gateway.get("/api/ai/stream");
    checks.that(
            "/api/ai/stream streams: " + streamed.body().replace("\n", " "),
            streamed.headers().firstValue("content-type").orElse("").equals("text/event-stream")
                    && streamed.body().equals("data: high\n\ndata: tide\n\ndata: [DONE]\n\n"));
    checks.that("without a key none of them is", gateway.without("/api/ai/stream").statusCode() == 401
            && gateway.without("/portal/x").statusCode() == 401);
}

void apps(Checks checks, Tidemill tidemill, Gateway gateway) throws Exception {
    HttpResponse<String> page = gateway.get("/portal/pages?x=1");
    checks.that("the app sees its path: " + page.body().strip(), page.body().contains("Ahoy from ") && page.body().contains(", /pages?x=1 of process "));
    Set<String> replicas = new HashSet<>();
    for (int i = 0; i < 30; i++) {
        replicas.add(by(gateway.get("/portal")));
    }
    checks.that("two replicas answer: " + replicas, replicas.equals(Set.of("portal-1", "portal-2")));
    long pid = tidemill.processes().stream().filter(p -> p.name().equals("portal-1")).findFirst().orElseThrow().pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    int failed = 0;
    for (int i = 0; i < 50; i++) {
        failed += gateway.get("/portal").statusCode() == 200 ? 0 : 1;
    }
    checks.that("kill -9 of one: %d of 50 requests failed".formatted(failed), failed == 0);
    checks.that(
            "another one comes",
            tidemill.eventually(
                    Duration.ofSeconds(30),
                    () -> tidemill.processes().stream()
                            .anyMatch(p -> p.name().equals("portal-1") && p.ready() && p.pid() != pid)));
    Tidemill.Result scaled = tidemill.run("scale", "portal", "3");
    checks.that(
            "scale starts a third: " + scaled.output().strip(),
            tidemill.eventually(
                    Duration.ofSeconds(30),
                    () -> tidemill.processes().stream().filter(p -> p.role().equals("app") && p.ready()).count() == 3));
    checks.that("status has it", tidemill.run("status").output().contains("portal                 app"));
    checks.that("so have logs", tidemill.run("logs", "portal-2").output().contains("listens on port "));
    checks.that("the portal is no model", !gateway.get("/v2/models").body().contains("portal"));
}

String by(HttpResponse<String> answer) {
    return answer.headers().firstValue("tidemill-replica").orElse("nobody, " + answer.statusCode());
}

void grpc(Checks checks, Tidemill tidemill, String port, String key) throws Exception {
    String ask =
            System.getProperty("java.home")
                    + "/bin/java -cp 'cli/target/dist/lib/*' dev/blackbox/grpc/GrpcAsk.java %s digits %s 2>&1";
    Tidemill.Result answered = tidemill.shell(ask.formatted(port, key));
    checks.that("over gRPC: " + answered.output().strip(), answered.output().contains("answered by digits with"));
    Tidemill.Result refused = tidemill.shell(ask.formatted(port, "tm-wrong"));
    checks.that("over gRPC without the key: " + refused.output().strip(), refused.output().contains("refused: UNAUTHENTICATED"));
    checks.that(
            "calls are audited",
            tidemill.eventually(
                    Duration.ofSeconds(20),
                    () -> {
                        String entries = tidemill.run("audit", "--json", "--request-id", "over-grpc").output();
                        return entries.contains("ModelInfer") && entries.contains("\"denied\"");
                    }));
}

String between(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
        throw new IllegalStateException("'%s' is not in: %s".formatted(pattern, text));
    }
    return matcher.group(1);
}

/// A client with a key.
record Gateway(String url, String admin, String key) {
    HttpResponse<String> ask(String question, String id) throws Exception {
        String body =
                "{\"model\":\"tide-1\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(question);
        return send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + key)
                        .header("x-request-id", id)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).header("authorization", "Bearer " + key));
    }

    HttpResponse<String> without(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)));
    }

    String metrics() throws Exception {
        return send(HttpRequest.newBuilder(URI.create(admin))).body();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
