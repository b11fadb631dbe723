package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// The one JSON reading and writing of our own APIs: strict, so that a typing mistake is an error
/// and not a default.
public final class Json {
    /// Deeper documents are refused.
    public static final int MAX_DEPTH = 64;

    /// Refuses duplicate keys, trailing text, missing or null record components that are not
    /// [Optional], numbers as text, text as numbers, fractions as integers, and nesting deeper than
    /// [#MAX_DEPTH]. Unknown keys are ignored: newer clients may send more than we know.
    public static final JsonMapper MAPPER =
            JsonMapper.builder(factory())
                    .annotationIntrospector(new RequiredComponents())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfig(LogicalType.Textual, Json::refuseScalars)
                    .build();

    private Json() {}

    /// A parser factory with the limits above, for code that reads token by token.
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                .build();
    }

    /// @throws TidemillException `INVALID_REQUEST` with line and column when it is not JSON of that
    ///   shape
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST, "body: 'null' (expected: a JSON object)");
            }
            return value;
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    /// The text with `?` for every half of a character, which no UTF-8 can carry: escapes such as
    /// `\\ud800` in a request make them.
    public static String whole(String text) {
        return isWhole(text)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /// Whether there is no half of a character in it.
    public static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(
                        text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// What is wrong with a document and where, without quoting it.
    public static TidemillException invalid(JacksonException e) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST, "body%s: %s".formatted(place(e), JsonProblem.of(e)), e);
    }

    private static String place(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static void refuseScalars(MutableCoercionConfig config) {
        config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    /// Every component of a record must be there, but the optional ones.
    private static final class RequiredComponents extends JacksonAnnotationIntrospector {
        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getDeclaringClass().isRecord()) {
                return !Optional.class.isAssignableFrom(parameter.getRawType());
            }
            return super.hasRequiredMarker(config, member);
        }
    }
}
