package dev.tidemill.autoscale.kafka;

import java.io.IOException;
import java.io.Serial;

/// A broker's answer that it cannot, or will not. It may be another's turn meanwhile: asking anew
/// begins with who is asked.
final class KafkaRefusal extends IOException {
    @Serial private static final long serialVersionUID = 1;

    /// @param code by Kafka's list
    KafkaRefusal(int code) {
        super(
                "error "
                        + code
                        + switch (code) {
                            case 3 -> " (no such topic)";
                            case 6 -> " (another broker leads)";
                            case 14, 15 -> " (no coordinator yet)";
                            case 16 -> " (another coordinator)";
                            case 29, 30 -> " (not allowed)";
                            case 35 -> " (a broker that does not know this version)";
                            default -> "";
                        });
    }
}
