package dev.tidemill.server.protocol.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Optional;

/// Body of `POST /predict`.
///
/// @param maxLength code points of the text that count, [#MAX_LENGTH] unless given; the model's own
///   limit still holds
record PredictRequest(String text, @JsonProperty("max_length") Optional<Integer> maxLength) {
    static final int MAX_LENGTH = 128;

    PredictRequest {
        if (maxLength.isPresent() && maxLength.get() < 1) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "max_length: '%d' (expected: >= 1)".formatted(maxLength.get()));
        }
    }

    String cutText() {
        int most = maxLength.orElse(MAX_LENGTH);
        return most < text.codePointCount(0, text.length())
                ? text.substring(0, text.offsetByCodePoints(0, most))
                : text;
    }
}
