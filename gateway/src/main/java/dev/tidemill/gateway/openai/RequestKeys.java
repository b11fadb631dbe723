package dev.tidemill.gateway.openai;

/// What [RequestReader] finds. Places are offsets of bytes; -1 when there is none.
final class RequestKeys {
    String model = "";
    int modelAt = -1;
    int modelEnd = -1;

    /// Of the body's first key: it has one, the model.
    int firstKeyAt = -1;

    boolean stream;
    String user = "";
    long maxTokens = -1;

    /// How many answers are written for one question.
    int choices = 1;

    String encoding = "float";

    /// Of `stream_options`' value.
    int optionsAt = -1;

    int optionsEnd = -1;
    int optionsFirstKeyAt = -1;
    boolean includeUsage;
    int includeUsageAt = -1;
    int includeUsageEnd = -1;
}
