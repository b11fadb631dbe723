package dev.tidemill.manifests;

import dev.tidemill.common.Digest;
import java.nio.charset.StandardCharsets;

/// What objects are called. Names end with what the object is for, so that a model and a gateway of
/// one name do not meet.
public final class Names {
    /// A StatefulSet's or CronJob's pods, and the labels that Kubernetes makes of their names, need
    /// room: 63 characters less a revision's hash.
    static final int MOST = 50;

    private static final int HASH = 8;

    private static final int MOST_TRAIN_JOB = 44;

    /// Of the one control plane.
    public static final String CONTROL = "control";

    /// Of the Secret with the tokens that control asks for, one of each role.
    public static final String TOKENS = "control-tokens";

    /// For people and pipelines.
    public static final String ADMIN = "admin";

    /// For model servers and gateways.
    public static final String SERVICE = "service";

    /// Of the PostgreSQL that is made, and of the Secret with its user and password.
    public static final String POSTGRES = "tidemill-postgres";

    /// Of its backups.
    static final String BACKUP = "tidemill-postgres-backup";

    /// Of the Redis that is made, and of the Secret with its password.
    public static final String REDIS = "tidemill-redis";

    /// Entries of such Secrets, as `kubernetes.io/basic-auth` calls them.
    static final String USERNAME = "username";

    static final String PASSWORD = "password";

    private Names() {}

    /// Of what serves that model.
    public static String server(String model) {
        return fit(model, "-server");
    }

    /// Of what serves that model on replicas of one kind.
    ///
    /// @param kind empty where there is one kind
    public static String server(String model, String kind) {
        return kind.isEmpty() ? server(model) : fit(model, "-server-" + fit(kind, ""));
    }

    /// Of the ConfigMap with the newest scaling decisions of a model, which is nobody's to apply.
    public static String decisions(String model) {
        return fit(model, "-decisions");
    }

    /// Of the Service that names each of a model's pods.
    public static String serverPods(String model) {
        return fit(model, "-server-pods");
    }

    /// Of the Job that runs a training. What a Job runs cannot be changed: another document is
    /// another Job.
    public static String training(String training, String document) {
        return fit(training, "-training-" + hash(document));
    }

    /// Of the TrainJob that runs a training's program: its pods are called by it, by the node, by
    /// two numbers and by five letters.
    public static String trainJob(String training, String document) {
        return fit(training, "-" + hash(document), MOST_TRAIN_JOB);
    }

    /// Of what runs that app.
    public static String app(String app) {
        return fit(app, "-app");
    }

    /// Of the Service that names each of an app's pods.
    public static String appPods(String app) {
        return fit(app, "-app-pods");
    }

    /// Of the Secret with the variables of an app that are secret.
    public static String appKeys(String app) {
        return fit(app, "-app-keys");
    }

    public static String gateway(String gateway) {
        return gateway.equals("gateway") ? gateway : fit(gateway, "-gateway");
    }

    /// Of the Secret with the certificate of a gateway that speaks TLS itself.
    public static String gatewayTls(String gateway) {
        return fit(gateway(gateway), "-tls");
    }

    /// Of the Secret with the keys that a gateway's upstreams want.
    public static String gatewayKeys(String gateway) {
        return fit(gateway(gateway), "-keys");
    }

    /// The name, its middle replaced by a hash of it where it is too long, and a letter first,
    /// which Services want.
    static String fit(String name, String ending) {
        return fit(name, ending, MOST);
    }

    private static String fit(String name, String ending, int most) {
        String begun = Character.isLetter(name.charAt(0)) ? name : "m-" + name;
        if (begun.length() + ending.length() <= most) {
            return begun + ending;
        }
        int kept = Math.max(1, most - ending.length() - HASH - 1);
        return begun.substring(0, kept).replaceAll("-+$", "") + "-" + hash(name) + ending;
    }

    private static String hash(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).shortHex().substring(0, HASH);
    }
}
