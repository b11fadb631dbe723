package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import java.util.Optional;

/// What a gateway does with requests and answers beside passing them on.
///
/// @param audit empty: nothing is written down
public record GatewayAnswers(Optional<Audit> audit) {
    public static final GatewayAnswers NONE = new GatewayAnswers(Optional.empty());

    /// Who asked for what.
    ///
    /// @param file for a gateway that runs alone; relative to the folder of the resource file
    /// @param maxFileSize of one file, about
    /// @param keep full files beside the current one
    /// @param payloadPercent of the requests, whose texts are written down too
    /// @param maxPayload of the request, and of the answer
    public record Audit(
            String file,
            ByteSize maxFileSize,
            int keep,
            double payloadPercent,
            ByteSize maxPayload) {}
}
