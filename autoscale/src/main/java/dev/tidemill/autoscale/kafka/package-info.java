/// As much of Kafka's protocol as the lag of a consumer group needs: five questions, in forms that
/// every broker since 0.11 answers. Kafka's own client library is 10 MB, three times what an image
/// may grow by for it.
@NullMarked
package dev.tidemill.autoscale.kafka;

import org.jspecify.annotations.NullMarked;
