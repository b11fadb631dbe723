package dev.tidemill.autoscale.kafka;

/// The questions that are asked, each in the newest form that has no tagged fields.
enum KafkaApi {
    LIST_OFFSETS(2, 2),
    METADATA(3, 4),
    OFFSET_FETCH(9, 2),
    FIND_COORDINATOR(10, 1);

    private final int key;
    private final int version;

    KafkaApi(int key, int version) {
        this.key = key;
        this.version = version;
    }

    int key() {
        return key;
    }

    int version() {
        return version;
    }
}
