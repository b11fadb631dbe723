package dev.tidemill.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.operator.scale.Measured;
import dev.tidemill.testkit.TestCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Both APIs over real sockets, asked as the API server asks: with the certificate of its front
/// proxy, trusting what the registration says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetricsApisIT {
    private static final String SOURCE =
            "{policy: hpa, metrics: [{type: External, external: {metric: {name: jobs}, target:"
                    + " {type: AverageValue, averageValue: 20}}}, {type: concurrency, target: 2}],"
                    + " sources: [{name: jobs, server: \"http://prometheus:9090\"}]}";
    private static final String CUSTOM = "/apis/custom.metrics.k8s.io/v1beta2";
    private static final String EXTERNAL = "/apis/external.metrics.k8s.io/v1beta1";

    private final FakeCluster cluster = new FakeCluster();
    private final AtomicReference<Instant> now = new AtomicReference<>(Measured.NOW);
    private final TestCertificate proxy = TestCertificate.create("front-proxy-client");
    private final TestCertificate somebody = TestCertificate.create("somebody");
    private final MetricsApis apis =
            new MetricsApis(
                    new MetricsApis.Settings("127.0.0.1", 0, "tidemill-system", "10.1.2.3"),
                    cluster,
                    new Measured().with(Measured.digits(SOURCE)),
                    () -> true,
                    _ -> {},
                    now::get);
    private int port;

    @BeforeAll
    void start() throws GeneralSecurityException {
        cluster.authentication =
                Map.of(
                        "requestheader-client-ca-file",
                        TestCertificate.pem("CERTIFICATE", proxy.certificate().getEncoded()),
                        "requestheader-allowed-names",
                        "[\"front-proxy-client\"]",
                        "requestheader-username-headers",
                        "[\"X-Remote-User\"]");
        port = apis.start();
        apis.look();
    }

    @AfterAll
    void stop() {
        apis.close();
    }

    @Test
    void values_of_pods_have_the_shape_of_kubernetes() throws Exception {
        assertThat(
                        get(
                                CUSTOM
                                        + "/namespaces/ai/pods/*/concurrency?labelSelector=app.kubernetes.io%2Finstance%3Ddigits-server"))
                .isEqualTo(
                        json(
                                """
                                {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},
                                 "items":[
                                  {"describedObject":{"kind":"Pod","namespace":"ai","name":"digits-server-0","apiVersion":"v1"},
                                   "metric":{"name":"concurrency"},"timestamp":"2026-11-21T06:00:00Z","windowSeconds":1,"value":"1500m"},
                                  {"describedObject":{"kind":"Pod","namespace":"ai","name":"digits-server-1","apiVersion":"v1"},
                                   "metric":{"name":"concurrency"},"timestamp":"2026-11-21T06:00:00Z","windowSeconds":1,"value":"1500m"}]}
                                """));
    }

    @Test
    void a_value_of_one_object_is_exactly_one_item() throws Exception {
        for (String of :
                new String[] {
                    "services/digits-server",
                    "models.tidemill.dev/digits",
                    "deployments.apps/digits-server"
                }) {
            JsonNode answer = get(CUSTOM + "/namespaces/ai/" + of + "/tidemill_server_in_flight");
            assertThat(answer.path("items")).hasSize(1);
            assertThat(answer.at("/items/0/value").asString()).isEqualTo("3");
            assertThat(answer.at("/items/0/describedObject/name").asString())
                    .isEqualTo(of.substring(of.indexOf('/') + 1));
        }
        assertThat(
                        get(CUSTOM + "/namespaces/ai/services/digits-server/DCGM_FI_DEV_GPU_UTIL")
                                .at("/items/0/value")
                                .asString())
                .isEqualTo("50");
    }

    @Test
    void external_values_are_those_of_the_models_that_the_selector_chooses() throws Exception {
        assertThat(get(EXTERNAL + "/namespaces/ai/jobs?labelSelector=model%3Ddigits"))
                .isEqualTo(
                        json(
                                """
                                {"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},
                                 "items":[{"metricName":"jobs","metricLabels":{"model":"digits"},
                                  "timestamp":"2026-11-21T06:00:00Z","window":1,"value":"42"}]}
                                """));
        assertThat(get(EXTERNAL + "/namespaces/ai/jobs?labelSelector=model%3Dother"))
                .isEqualTo(
                        json(
                                """
                                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"NotFound","code":404,
                                 "message":"metric: 'jobs' (expected: one of models model=other that is measured here)"}
                                """));
    }

    @Test
    void what_there_is_is_listed_by_group_and_version() throws Exception {
        JsonNode custom = get(CUSTOM);
        assertThat(custom.path("kind").asString()).isEqualTo("APIResourceList");
        assertThat(custom.path("groupVersion").asString())
                .isEqualTo("custom.metrics.k8s.io/v1beta2");
        assertThat(custom.path("resources").toString())
                .contains(
                        "{\"name\":\"pods/tidemill_server_in_flight\",\"singularName\":\"\",\"namespaced\":true,"
                                + "\"kind\":\"MetricValueList\",\"verbs\":[\"get\"]}")
                .contains("\"services/jobs\"");
        assertThat(get(EXTERNAL).path("resources").toString())
                .contains("{\"name\":\"jobs\"")
                .contains("ExternalMetricValueList");
        assertThat(get("/apis/custom.metrics.k8s.io").at("/preferredVersion/version").asString())
                .isEqualTo("v1beta2");
        assertThat(get("/apis").at("/groups/1/name").asString())
                .isEqualTo("external.metrics.k8s.io");
    }

    @Test
    void what_is_not_known_is_an_error_and_never_a_zero() throws Exception {
        JsonNode silent = get(CUSTOM + "/namespaces/ai/services/digits-server/kvCache");
        assertThat(silent.path("reason").asString()).isEqualTo("ServiceUnavailable");
        assertThat(silent.path("code").asInt()).isEqualTo(503);
        for (String path :
                new String[] {
                    CUSTOM + "/namespaces/ai/services/digits-server/nonsense",
                    CUSTOM + "/namespaces/other/pods/*/concurrency",
                    CUSTOM + "/namespaces/ai/ingresses.networking.k8s.io/x/concurrency",
                    CUSTOM + "/namespaces/ai/services/else/concurrency",
                    "/apis/custom.metrics.k8s.io/v1beta1"
                }) {
            assertThat(get(path).path("reason").asString()).as(path).isEqualTo("NotFound");
        }
        assertThat(
                        get(CUSTOM + "/namespaces/ai/pods/*/concurrency?labelSelector=a%3D%3D%3Db")
                                .path("reason")
                                .asString())
                .isEqualTo("BadRequest");
    }

    @Test
    void who_shows_no_certificate_gets_a_401() throws Exception {
        HttpResponse<String> answer =
                client(null).send(request(CUSTOM, true), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer.body()).path("reason").asString()).isEqualTo("Unauthorized");
    }

    @Test
    void who_shows_a_certificate_of_another_authority_does_not_get_through_the_handshake()
            throws Exception {
        HttpClient client = client(somebody);
        assertThatThrownBy(() ->
                        client.send(request(CUSTOM, true), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void who_does_not_say_for_whom_it_asks_gets_a_401() throws Exception {
        HttpResponse<String> answer =
                client(proxy).send(request(CUSTOM, false), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("X-Remote-User");
    }

    private JsonNode get(String path) throws Exception {
        return json(
                client(proxy)
                        .send(request(path, true), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private HttpRequest request(String path, boolean named) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10));
        return named ? request.header("X-Remote-User", "hpa").build() : request.build();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    /// Believes what the registration says, as the API server does, and asks for the Service.
    private HttpClient client(@Nullable TestCertificate shown)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = store();
        byte[] pem = Base64.getDecoder().decode(cluster.caBundle(MetricsGroup.CUSTOM));
        X509Certificate ca =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(pem));
        trusted.setCertificateEntry("ca", ca);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManager[] keys = new KeyManager[0];
        if (shown != null) {
            keys = new KeyManager[] {new ShownAnyway(shown)};
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new NamedService(trust)}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    @Test
    void the_registration_says_where_it_is_and_what_to_believe() {
        assertThat(cluster.writes)
                .contains(
                        "apply endpointslice/tidemill-operator",
                        "apply apiservice/v1beta2.custom.metrics.k8s.io",
                        "apply apiservice/v1beta1.external.metrics.k8s.io");
        assertThat(Optional.of(cluster.caBundle(MetricsGroup.CUSTOM)))
                .hasValue(cluster.caBundle(MetricsGroup.EXTERNAL));
    }
}
