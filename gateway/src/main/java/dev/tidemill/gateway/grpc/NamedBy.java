package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.Destination;

/// Where in a request's message its model is named.
enum NamedBy {
    /// The first field: all of the Open Inference Protocol.
    NAME(new int[] {1}, false),
    /// The name in the first field: TensorFlow Serving's `model_spec`.
    SPEC(new int[] {1, 1}, false),
    /// The same in each of several tasks, which are for one model.
    TASKS(new int[] {1, 1, 1}, true);

    @SuppressWarnings("ImmutableEnumChecker") // written by nobody
    private final int[] path;

    private final boolean many;

    NamedBy(int[] path, boolean many) {
        this.path = path;
        this.many = many;
    }

    /// Empty when there is none, which the Open Inference Protocol takes for a model that is not
    /// there.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when the message is none, or must name a model
    String model(byte[] message) {
        String model = new WireMessage(message).text(path, many);
        if (model.isEmpty() && this != NAME) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "model_spec.name: 'missing' (expected: a model)");
        }
        return model;
    }

    /// The message as a target gets it.
    ///
    /// @param model that it names
    byte[] sent(byte[] message, String model, Destination.Target target) {
        return target.as() == null || target.as().equals(model)
                ? message
                : new WireMessage(message).with(path, target.as());
    }
}
