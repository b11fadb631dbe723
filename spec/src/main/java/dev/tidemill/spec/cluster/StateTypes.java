package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.YamlNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.function.Predicate;

/// Addresses of stores. A password is in none of them.
public final class StateTypes {
    private static final String SSL_MODE = "sslmode=(disable|prefer|require|verify-full)";

    private StateTypes() {}

    public static ValueType<URI> redis() {
        return new ValueType<>(
                        "redis://HOST:PORT or rediss://HOST:PORT for TLS, then /DATABASE if it is not 0",
                        URI.create("redis://127.0.0.1"),
                        scalar -> uri(scalar, StateTypes::isRedis))
                .as(new Form.Text(Form.MOST, "rediss?://[^?#@]+"));
    }

    static ValueType<URI> postgres() {
        return new ValueType<>(
                        "postgresql://HOST:PORT/DATABASE, then ?sslmode=verify-full or another if it"
                                + " is not prefer",
                        URI.create("postgresql://127.0.0.1/unnamed"),
                        scalar -> uri(scalar, StateTypes::isPostgres))
                .as(new Form.Text(500, "postgres(ql)?://[^?#@]+/[^?#@/]+([?]" + SSL_MODE + ")?"));
    }

    private static boolean isRedis(URI uri) {
        return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
                && uri.getRawQuery() == null
                && uri.getRawPath().matches("(/\\d{0,4})?");
    }

    private static boolean isPostgres(URI uri) {
        return ("postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme()))
                && (uri.getRawQuery() == null || uri.getRawQuery().matches(SSL_MODE))
                && uri.getRawPath().matches("/[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");
    }

    private static Optional<URI> uri(YamlNode.Scalar scalar, Predicate<URI> accepts) {
        try {
            return scalar.type() == YamlNode.Type.TEXT && scalar.text().length() <= 500
                    ? Optional.of(new URI(scalar.text()))
                            .filter(StateTypes::isPlain)
                            .filter(accepts)
                    : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(URI uri) {
        return uri.getHost() != null
                && uri.getPort() != 0
                && uri.getPort() <= 65_535
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null;
    }
}
