package dev.tidemill.manifests;

import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file that uses most of what there is, and ways to look into what is made of it.
final class Sample {
    static final String MODELS =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec:
              source: digits@production
              resources: {cpu: 1, memory: 200Mi}
              scaling: {min: 2, max: 6, metrics: [{type: concurrency, target: 2.5}]}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: intents-eu}
            spec: {source: "intents:3", sharesReplicasWith: digits}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: vision}
            spec:
              source: ./vision.onnx
              resources: {cpu: 2500m, memory: 6Gi, gpu: 1}
              volume: {claimName: models, path: sets/vision}
              pod:
                nodeSelector: {nvidia.com/gpu: "true"}
                tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
                runtimeClassName: nvidia
                labels: {team: vision}
            """;

    static final String GATEWAY =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Gateway
            metadata: {name: front}
            spec:
              replicas: 3
              ingress: {host: ai.example.com, className: nginx, tlsSecretName: ai-tls}
              httpRoute: {hostnames: [ai.example.com], parentRefs: [{name: public, namespace: edge}]}
              routes:
                - {path: /predict, model: digits}
                - name: chat
                  models: [gpt-4o]
                  upstreams:
                    - {url: "https://api.openai.com/v1", key: {env: OPENAI_API_KEY}}
                    - {url: "http://10.1.2.3:8000", key: {file: keys/vllm}}
                    - {url: "http://vllm.models.svc:8000"}
                  timeouts: {request: 120s}
            """;

    static final String ENVIRONMENT =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Environment
            metadata: {name: prod}
            spec:
              namespace: ai-platform
              image:
                name: example.com/tidemill:1.2.3
                pullPolicy: Always
                pullSecrets: [registry-key]
              labels: {team: platform}
              annotations: {example.com/owner: "a: b"}
              storageClassName: ssd
              control: {storage: 20Gi, resources: {cpu: 2, memory: 4Gi}}
              networkPolicy: {gatewayFrom: [ingress-nginx], metricsFrom: [monitoring]}
              serviceMonitor: {interval: 15s, labels: {release: prometheus}}
              quota: {requests.cpu: 20, limits.memory: 80Gi, count/pods: "50"}
              limitRange: {default: {cpu: 500m}, defaultRequest: {cpu: 100m}, max: {cpu: 4}}
              priority: 1000
            """;

    static final String APP =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: App
            metadata: {name: portal}
            spec:
              command: [java, Portal.java]
              image: ghcr.io/school/portal:1.2
              args: [--port, $(PORT)]
              env: {LOG_LEVEL: info, WORKERS: 4}
              secrets:
                - env: API_KEY
                - {env: DB_PASSWORD, secretName: db, key: password}
              port: 3000
              health: {path: /healthz, startup: 90s}
              gracePeriod: 20s
              resources: {cpu: 500m}
              scaling: {min: 2, max: 5}
              calls: ["https://api.example.com", "postgresql://db.data.svc"]
              writable: [/var/cache/portal]
              user: 1000
              pod: {labels: {team: web}}
            """;

    /// With stores that are made.
    static final String MADE =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Environment
            metadata: {name: dev}
            spec:
              storageClassName: ssd
              database:
                development: {storage: 20Gi, storageClassName: fast, reclaim: delete}
                backup: {keep: 3}
              redis: {development: {}}
            """;

    /// With stores that somebody else runs.
    static final String NAMED =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Environment
            metadata: {name: prod}
            spec:
              database:
                url: postgresql://db.data.svc/registry?sslmode=verify-full
                secretName: registry-database
                backup: {schedule: "15 4 * * *"}
              redis: {url: "redis://limits.example.com", secretName: shared-redis}
            """;

    /// Two versions of a model, and of an app.
    static final String VERSIONS =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec: {source: "digits:3"}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits-next}
            spec: {source: digits@candidate}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: App
            metadata: {name: portal}
            spec: {image: "portal:1", command: [portal]}
            ---
            apiVersion: tidemill.dev/v1alpha1
            kind: App
            metadata: {name: portal-next}
            spec: {image: "portal:2", command: [portal]}
            """;

    static final String SCHEDULED =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: morning}
            spec:
              source: morning
              scaling: {max: 6, schedules: [{cron: "0 8 * * *", for: 9h, zone: UTC, min: 4}]}
            """;

    /// @param models how pods get at them
    static String ofImage(String models) {
        return """
        apiVersion: tidemill.dev/v1alpha1
        kind: Model
        metadata: {name: digits}
        spec: {source: "oci://example.com/models/digits:3"}
        ---
        apiVersion: tidemill.dev/v1alpha1
        kind: Environment
        metadata: {name: prod}
        spec: {image: {models: %s}}
        """
                .formatted(models);
    }

    /// @param split who divides the requests to the model beside the gateway
    static String rollouts(String split) {
        return """
        apiVersion: tidemill.dev/v1alpha1
        kind: Gateway
        metadata: {name: front}
        spec:
          routes:
          - name: digits
            path: /predict
            upstreams: [{model: digits}, {model: digits-next}]
            canary: {steps: [10, 100], split: %s}
          - name: portal
            path: /portal
            upstreams: [{app: portal}, {app: portal-next}]
            canary: {steps: [10, 100], split: httpRoute}
        """
                .formatted(split);
    }

    private Sample() {}

    static Platform platform(String... documents) {
        List<Resource> resources =
                SpecParser.parse(
                                "tidemill.yaml",
                                String.join("---\n", documents).getBytes(StandardCharsets.UTF_8))
                        .orThrow();
        Environment environment =
                resources.stream()
                        .filter(Environment.class::isInstance)
                        .map(Environment.class::cast)
                        .findFirst()
                        .orElse(Platform.ANY);
        boolean gateway = resources.stream().anyMatch(each -> each.kind().equals("Gateway"));
        return Platform.of(
                resources,
                environment,
                gateway ? Optional.of("{\"a\" : \"{{ b }}\"}\n") : Optional.empty(),
                "1.2.3");
    }

    static Platform whole() {
        return platform(MODELS, GATEWAY, ENVIRONMENT);
    }

    static KubeObject find(List<KubeObject> objects, String id) {
        return objects.stream()
                .filter(object -> object.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError(
                                id
                                        + " is not in "
                                        + objects.stream().map(KubeObject::id).toList()));
    }

    /// What is at a path such as `spec.template.spec.containers.0.args`.
    static Object at(KubeObject object, String path) {
        Object here = object.fields();
        for (String step : path.split("\\.")) {
            here =
                    switch (here) {
                        case Map<?, ?> map ->
                                Optional.<Object>ofNullable(map.get(step))
                                        .orElseThrow(
                                                () -> new AssertionError(path + ": no " + step));
                        case List<?> list -> list.get(Integer.parseInt(step));
                        default -> throw new AssertionError(path + ": " + here);
                    };
        }
        return here;
    }

    static boolean has(KubeObject object, String parent, String key) {
        return at(object, parent) instanceof Map<?, ?> map && map.containsKey(key);
    }
}
