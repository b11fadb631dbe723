package dev.tidemill.cli.cluster;

import dev.tidemill.http.tls.Role;
import dev.tidemill.testkit.TestAuthority;
import dev.tidemill.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Everybody calls every listener of ours, from a pod that is nobody's.
record TlsCalls(RealCluster real, String image) {
    private static final String NOBODY = "-";
    private static final String STRANGER = "stranger";

    /// @param authority of those who call, and of those who answer
    /// @param other who signs for a gateway too
    /// @return what was said, by `WHO to LISTENER`; `-` shows no certificate
    Map<String, String> all(TestAuthority authority, TestAuthority other) throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("ca.crt", authority.pem());
        List<String> callers = new ArrayList<>(List.of(NOBODY, STRANGER));
        identity(texts, STRANGER, other.issue(Role.GATEWAY.uri("tidemill")));
        for (Role role : Role.values()) {
            identity(texts, role.text(), authority.issue(role.uri("tidemill")));
            callers.add(role.text());
        }
        List<String> arguments = new ArrayList<>(List.of(ClassPod.FOLDER));
        for (String who : callers) {
            call(arguments, who, "server", ":8080/v2/health/ready", NOBODY);
            call(arguments, who, "gateway", ":9090/metrics", NOBODY);
            // With the token of a service, each of them.
            call(arguments, who, "control", ":8080/api/v1/models", token());
        }
        int calls = 3 * callers.size();
        try (ClassPod pod = new ClassPod(real, "calls", image, TlsCall.class, texts, arguments)) {
            Waits.until("all have called", () -> pod.log(calls).size() == calls);
            Map<String, String> said = new TreeMap<>();
            for (String line : pod.log(calls)) {
                Waits.say("%s", line);
                int colon = line.indexOf(": ");
                said.put(line.substring(0, colon), line.substring(colon + 2));
            }
            return said;
        }
    }

    private void call(
            List<String> arguments, String who, String listener, String rest, String token) {
        arguments.add(who + " to " + listener);
        arguments.add("https://" + real.ready(listener).text("status", "podIP") + rest);
        arguments.add(who);
        arguments.add(token);
    }

    /// That servers and gateways show to control.
    private String token() {
        String data =
                real.client()
                        .get(real.ref("v1", "Secret", "control-tokens"))
                        .orElseThrow()
                        .text("data", "service");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8).strip();
    }

    private static void identity(Map<String, String> texts, String name, TestCertificate own) {
        texts.put(name + ".crt", certificate(own));
        texts.put(name + ".key", key(own));
    }

    /// PEM.
    static String certificate(TestCertificate own) {
        try {
            return TestCertificate.pem("CERTIFICATE", own.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// PEM.
    static String key(TestCertificate own) {
        return TestCertificate.pem("PRIVATE KEY", own.key().getEncoded());
    }
}
