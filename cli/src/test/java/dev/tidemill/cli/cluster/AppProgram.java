package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A program for an App where no image has it: one class of these tests, which comes as one of the
/// App's secrets, and which our image's own shell and Java run in the place of its entry point.
/// Nobody but these tests lays that `command` over the App's Deployment.
///
/// @param app whose it is
record AppProgram(RealCluster real, String app) {
    /// The variable, and the key of the Secret.
    static final String VARIABLE = "PROGRAM";

    private static final String FOLDER = "/tmp";

    /// Before the App, whose pods do not begin without it.
    void keep(Class<?> main) {
        String text = "\\x" + HexFormat.ofDelimiter("\\x").formatHex(ClassPod.bytes(main));
        real.create(
                real.ref("v1", "Secret", app + "-app-keys"),
                Map.of(
                        "data",
                        Map.of(
                                VARIABLE,
                                Base64.getEncoder()
                                        .encodeToString(
                                                text.getBytes(StandardCharsets.US_ASCII)))));
    }

    /// Has the App's pods run it, once the operator has made their Deployment.
    void run(Class<?> main, String arguments) {
        ObjectRef deployment = deployment();
        Waits.until("the app is a Deployment", () -> real.client().get(deployment).isPresent());
        String file = "%s/%s.class".formatted(FOLDER, main.getName().replace('.', '/'));
        String script =
                "mkdir -p %s && printf %%b \"$%s\" >%s && exec %s %s %s"
                        .formatted(
                                file.substring(0, file.lastIndexOf('/')),
                                VARIABLE,
                                file,
                                String.join(" ", ClassPod.java(FOLDER)),
                                main.getName(),
                                arguments);
        real.client()
                .applyAs(
                        "program",
                        deployment,
                        Map.of(
                                "apiVersion",
                                deployment.apiVersion(),
                                "kind",
                                deployment.kind(),
                                "metadata",
                                Map.of("name", deployment.name(), "namespace", real.namespace()),
                                "spec",
                                Map.of(
                                        "template",
                                        Map.of(
                                                "spec",
                                                Map.of(
                                                        "containers",
                                                        List.of(
                                                                Map.of(
                                                                        "name",
                                                                        "app",
                                                                        "command",
                                                                        List.of(
                                                                                "bash", "-c",
                                                                                script))))))));
    }

    ObjectRef deployment() {
        return real.ref("apps/v1", "Deployment", app + "-app");
    }
}
