package dev.tidemill.spec;

import dev.tidemill.common.AddressRange;
import dev.tidemill.common.Digest;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import dev.tidemill.spec.yaml.YamlNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The types of a gateway's values.
final class GatewayTypes {
    /// What the gateway answers itself or proxies to every model.
    private static final List<String> RESERVED = List.of("/v2", "/health", "/actuator", "/metrics");

    private static final Pattern ROUTE = Pattern.compile("(/[A-Za-z0-9._~-]{1,64}){1,8}");
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");
    private static final Pattern VISIBLE = Pattern.compile("[ -~]{1,200}");
    private static final Pattern ORIGIN =
            Pattern.compile("\\*|https?://[A-Za-z0-9.-]{1,253}(:\\d{1,5})?");

    private GatewayTypes() {}

    static ValueType<String> route() {
        return ValueTypes.matching(
                        "a path such as /predict, of /, letters, digits, '-', '.', '_' and '~', outside "
                                + ValueTypes.words(RESERVED),
                        "/predict",
                        GatewayTypes::isRoute)
                .as(Form.matching(ROUTE, 200));
    }

    private static boolean isRoute(String text) {
        return text.length() <= 200
                && ROUTE.matcher(text).matches()
                && List.of(text.split("/")).stream().noneMatch(s -> s.equals(".") || s.equals(".."))
                && RESERVED.stream()
                        .noneMatch(path -> text.equals(path) || text.startsWith(path + "/"));
    }

    /// A model as clients call it, which need not be a resource's name.
    static ValueType<String> clientModel() {
        return ValueTypes.matching(
                        "a model's name such as gpt-4o or meta-llama/Llama-3.1-8B, or '*' for all others",
                        "unnamed",
                        text -> text.equals("*") || MODEL.matcher(text).matches())
                .as(new Form.Text(200, "\\*|" + MODEL));
    }

    static ValueType<String> sentModel() {
        return ValueTypes.matching(
                        "a model's name such as gpt-4o or meta-llama/Llama-3.1-8B",
                        "unnamed",
                        text -> MODEL.matcher(text).matches())
                .as(Form.matching(MODEL, 200));
    }

    static ValueType<URI> url() {
        return new ValueType<>(
                        "a URL such as http://10.0.0.5:8000 or https://api.example.com/v1",
                        URI.create("http://127.0.0.1"),
                        scalar -> parsed(scalar, GatewayTypes::uri))
                .as(new Form.Text(500, "[hH][tT][tT][pP][sS]?://[^?#@]+"));
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String path = uri.getRawPath();
            if (text.length() > 500
                    || !(scheme.equals("http") || scheme.equals("https"))
                    || uri.getHost() == null
                    || uri.getPort() > 65_535
                    || uri.getPort() == 0
                    || uri.getRawUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || (path + "/").contains("/../")
                    || (path + "/").contains("/./")
                    || path.contains("//")) {
                throw new IllegalArgumentException("no such URL");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static ValueType<String> headerName() {
        return new ValueType<>(
                        "a header's or cookie's name such as x-canary",
                        "x-canary",
                        scalar ->
                                Optional.of(scalar.text())
                                        .filter(text -> TOKEN.matcher(text).matches())
                                        .map(text -> text.toLowerCase(Locale.ROOT)))
                .as(Form.matching(TOKEN, 100));
    }

    /// As it is: cookies' names, unlike headers', are different in capitals.
    static ValueType<String> token() {
        return ValueTypes.matching(
                        "a cookie's name such as canary",
                        "x",
                        text -> TOKEN.matcher(text).matches())
                .as(Form.matching(TOKEN, 100));
    }

    static ValueType<String> headerValue() {
        return ValueTypes.matching(
                        "visible ASCII characters, at most 200",
                        "",
                        text -> VISIBLE.matcher(text).matches() && text.equals(text.strip()))
                .as(Form.matching(VISIBLE, 200));
    }

    static ValueType<String> variable() {
        return ValueTypes.matching(
                        "the name of an environment variable such as OPENAI_API_KEY",
                        "X",
                        text -> VARIABLE.matcher(text).matches())
                .as(Form.matching(VARIABLE, 200));
    }

    static ValueType<AddressRange> addresses() {
        return new ValueType<>(
                        AddressRange.EXPECTED,
                        AddressRange.parse("127.0.0.1"),
                        scalar -> parsed(scalar, AddressRange::parse))
                .as(new Form.Text(64, "[0-9a-fA-F.:]+(%[0-9a-zA-Z]+)?(/[+-]?[0-9]+)?"));
    }

    static ValueType<Digest> hash() {
        return new ValueType<>(
                        "sha256: and the 64 hexadecimal digits of the key's SHA-256",
                        new Digest("sha256:" + "0".repeat(64)),
                        scalar -> parsed(scalar, Digest::new))
                .as(new Form.Text(71, "sha256:[0-9a-f]{64}"));
    }

    static ValueType<Instant> instant() {
        return new ValueType<>(
                        "a date such as 2027-01-31 (its beginning in UTC) or 2027-01-31T12:00:00Z",
                        Instant.EPOCH,
                        scalar -> parsed(scalar, GatewayTypes::instant))
                .as(new Form.Text(64, "[0-9+-]+-[0-9]{2}-[0-9]{2}([Tt].+)?"));
    }

    private static Instant instant(String text) {
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(text);
    }

    static ValueType<String> origin() {
        return ValueTypes.matching(
                        "an origin such as https://app.example.com, or '*'",
                        "*",
                        text -> ORIGIN.matcher(text).matches())
                .as(Form.matching(ORIGIN, 300));
    }

    private static <T> Optional<T> parsed(YamlNode.Scalar scalar, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(scalar.text()));
        } catch (IllegalArgumentException | DateTimeException _) {
            return Optional.empty();
        }
    }
}
