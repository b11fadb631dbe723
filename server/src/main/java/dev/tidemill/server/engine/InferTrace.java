package dev.tidemill.server.engine;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.runtimes.spi.Tensor;
import java.util.List;
import java.util.function.Supplier;

/// The span of one model's answer: of the model that a client asked, and of every step's model of
/// an ensemble within that.
final class InferTrace {
    private InferTrace() {}

    static List<Tensor> during(ServedModel model, Supplier<List<Tensor>> answer) {
        Span span =
                Span.current()
                        .child("infer " + model.name())
                        .set("tidemill.model.name", model.name())
                        .set("tidemill.model.version", model.version());
        try {
            return span.during(answer);
        } catch (TidemillException e) {
            span.fail(e.code().name());
            throw e;
        } catch (RuntimeException e) {
            span.fail(e.getClass().getName());
            throw e;
        } finally {
            span.end();
        }
    }
}
