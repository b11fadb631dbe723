package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.AuditPage;
import dev.tidemill.client.control.AuditQuery;
import dev.tidemill.client.control.AuditRecord;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.control.audit.AuditStore;
import dev.tidemill.control.audit.AuditUpkeep;
import dev.tidemill.control.audit.Retention;
import dev.tidemill.http.ErrorBody;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.stores.postgres.LocalPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The audit log's API over a real PostgreSQL.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditStoreIT {
    private static final Instant NOON = Instant.parse("2027-01-31T12:00:00Z");

    private static final long MUCH = 1L << 40;

    @TempDir private static Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private LocalPostgres postgres;
    private Jdbi jdbi;
    private AuditStore store;
    private HttpEdge edge;
    private URI address;
    private ControlClient client;

    @BeforeAll
    void start() throws IOException {
        UnpackedPostgres.linkInto(folder);
        postgres = LocalPostgres.start(folder, UnpackedPostgres.MIGRATIONS);
        jdbi = Jdbi.create(postgres.dataSource());
        store = new AuditStore(jdbi);
        Readiness readiness = new Readiness();
        edge =
                HttpEdge.builder(readiness, new Metrics())
                        .listen(
                                new Listener("main", "127.0.0.1", 0, 1 << 20),
                                routes ->
                                        routes.add(new dev.tidemill.control.api.AuditRoutes(store)))
                        .errorBody(ErrorBody.WITH_CODE)
                        .requestIds(RequestId.source(RandomGenerator.getDefault()))
                        .build();
        edge.start();
        readiness.started();
        address = URI.create("http://127.0.0.1:" + edge.port("main"));
        client = new ControlClient(http, address);
    }

    @AfterAll
    void stop() {
        edge.close();
        postgres.close();
        http.close();
    }

    @BeforeEach
    void empty() {
        jdbi.useHandle(handle -> handle.execute("truncate audit_record"));
    }

    @Test
    void what_a_gateway_sends_comes_back_as_it_was() throws Exception {
        String sent =
                """
                {"records":[{"id":"a-1","at":"2027-01-31T12:00:00.123Z","requestId":"r-1","key":"alice","issuer":"https://id.acme.example",
                "team":"search","user":"u-7","address":"10.0.0.7","method":"POST","path":"/v1/chat/completions",
                "route":"chat","model":"gpt-4o","upstream":"chat-1-1","status":200,"decision":"redacted",
                "inputTokens":40,"outputTokens":60,"estimated":false,"costMicros":1200,"millis":12.5,
                "cache":"miss","guardrails":["pii: email","pii: phone"]}]}
                """;
        assertThat(post(sent)).isEqualTo("{\"added\":1}");
        post(sent);

        AuditRecord record = client.audit(AuditQuery.ALL).records().getFirst();
        assertThat(store.count()).isEqualTo(1);
        assertThat(record)
                .isEqualTo(
                        new AuditRecord(
                                "a-1",
                                Instant.parse("2027-01-31T12:00:00.123Z"),
                                Optional.of("r-1"),
                                Optional.of("alice"),
                                Optional.of("https://id.acme.example"),
                                Optional.of("search"),
                                Optional.of("u-7"),
                                Optional.of("10.0.0.7"),
                                Optional.of("POST"),
                                Optional.of("/v1/chat/completions"),
                                Optional.of("chat"),
                                Optional.of("gpt-4o"),
                                Optional.of("chat-1-1"),
                                200,
                                "redacted",
                                Optional.empty(),
                                Optional.of(40L),
                                Optional.of(60L),
                                false,
                                Optional.of(1200L),
                                12.5,
                                Optional.of("miss"),
                                Optional.of(List.of("pii: email", "pii: phone")),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void pages_follow_one_another_without_gaps_also_among_records_of_one_moment() {
        store.add(
                IntStream.range(0, 25).mapToObj(i -> record(i, NOON.plusSeconds(i / 10))).toList());

        List<String> ids = new ArrayList<>();
        AuditQuery next = AuditQuery.ALL.limit(7);
        while (true) {
            AuditPage page = client.audit(next);
            page.records().forEach(record -> ids.add(record.id()));
            if (page.next().isEmpty()) {
                break;
            }
            next = next.after(page.next().get());
        }
        assertThat(ids)
                .hasSize(25)
                .doesNotHaveDuplicates()
                .startsWith("r-24", "r-23", "r-22", "r-21", "r-20", "r-19")
                .endsWith("r-00");
    }

    @Test
    void everything_that_is_asked_for_must_hold() {
        store.add(IntStream.range(0, 10).mapToObj(i -> record(i, NOON.plusSeconds(i))).toList());

        assertThat(client.audit(AuditQuery.ALL.key("key-1")).records())
                .extracting(AuditRecord::id)
                .containsExactly("r-09", "r-07", "r-05", "r-03", "r-01");
        AuditQuery between =
                new AuditQuery(
                        Optional.of("key-1"),
                        Optional.of("issuer-1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("m"),
                        Optional.empty(),
                        Optional.of("allowed"),
                        Optional.empty(),
                        Optional.of(NOON.plusSeconds(3)),
                        Optional.of(NOON.plusSeconds(7)),
                        10,
                        Optional.empty());
        assertThat(client.audit(between).records())
                .extracting(AuditRecord::id)
                .containsExactly("r-05", "r-03");
    }

    @Test
    void questions_that_cannot_be_meant_are_refused() {
        for (String parameters :
                List.of(
                        "limit=0",
                        "limit=x",
                        "limit=1001",
                        "since=yesterday",
                        "cursor=x",
                        "decision=maybe")) {
            assertThat(get("/api/v1/audit?" + parameters))
                    .as(parameters)
                    .startsWith("{\"error\":\"" + parameters.replace("=", ": '"))
                    .contains("INVALID_REQUEST");
        }
        assertThatThrownBy(() -> client.audit(AuditQuery.ALL.key("a").limit(0)))
                .hasMessageContaining("limit: '0' (expected: 1 to 1000)");
    }

    @Test
    void old_records_go_and_so_do_the_oldest_of_too_many() {
        store.add(IntStream.range(0, 30).mapToObj(i -> record(i, NOON.plusSeconds(i))).toList());

        assertThat(store.trim(NOON.plusSeconds(10), 100, MUCH)).isEqualTo(10);
        assertThat(store.trim(NOON, 5, MUCH)).isEqualTo(15);
        assertThat(client.audit(AuditQuery.ALL).records())
                .extracting(AuditRecord::id)
                .containsExactly("r-29", "r-28", "r-27", "r-26", "r-25");
    }

    @Test
    void records_go_that_are_longer_together_than_there_is_room() {
        List<AuditRecord> all =
                IntStream.range(0, 30).mapToObj(i -> record(i, NOON.plusSeconds(i))).toList();
        store.add(all);
        assertThat(store.trim(NOON, 100, MUCH)).isZero();

        // A record like these takes some 100 bytes.
        assertThat(store.trim(NOON, 100, 2_000)).isBetween(5, 25);
        assertThat(client.audit(AuditQuery.ALL.limit(1)).records().getFirst().id())
                .isEqualTo("r-29");
        assertThat(store.trim(NOON, 100, 1)).isPositive();
        assertThat(store.count()).isZero();
        assertThat(store.trim(NOON, 100, 1)).isZero();
    }

    @Test
    void the_upkeep_keeps_what_it_was_told_to() {
        store.add(IntStream.range(0, 30).mapToObj(i -> record(i, NOON.plusSeconds(i))).toList());
        try (AuditUpkeep upkeep =
                new AuditUpkeep(
                        store,
                        InstantSource.fixed(NOON.plusSeconds(30)),
                        new Retention(20_000, 12, MUCH))) {
            upkeep.look();
        }
        assertThat(store.count()).isEqualTo(12);
        try (AuditUpkeep upkeep =
                new AuditUpkeep(
                        store,
                        InstantSource.fixed(NOON.plusSeconds(30)),
                        new Retention(5_000, 12, MUCH))) {
            upkeep.look();
        }
        assertThat(store.count()).isEqualTo(5);
    }

    private static AuditRecord record(int number, Instant at) {
        return new AuditRecord(
                "r-%02d".formatted(number),
                at,
                Optional.empty(),
                Optional.of("key-" + number % 2),
                Optional.of("issuer-" + number % 2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("m"),
                Optional.empty(),
                200,
                "allowed",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private String post(String body) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(address.resolve("/api/v1/audit"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private String get(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(address.resolve(path)).build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
