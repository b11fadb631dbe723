package dev.tidemill.server.protocol.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Optional;

/// Body of `POST /predict`.
///
/// @param maxLength code points of the text that count; the model's own limit still holds
record PredictRequest(String text, @JsonProperty("max_length") Optional<Integer> maxLength) {
    PredictRequest {
        if (maxLength.isPresent() && maxLength.get() < 1) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "max_length: '%d' (expected: >= 1)".formatted(maxLength.get()));
        }
    }

    String cutText() {
        int points = text.codePointCount(0, text.length());
        return maxLength.isPresent() && maxLength.get() < points
                ? text.substring(0, text.offsetByCodePoints(0, maxLength.get()))
                : text;
    }
}
