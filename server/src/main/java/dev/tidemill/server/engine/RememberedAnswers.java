package dev.tidemill.server.engine;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.cache.Question;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.metrics.ModelMeters;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Answers a question from the cache, or asks the model and keeps the answer.
///
/// @param part of the cache that is this version's
/// @param model asked where the cache knows nothing
/// @param nanos monotonic clock
record RememberedAnswers(
        ResponseCache.Part part,
        Function<InferenceCall, ResponseCache.Answer> model,
        ModelMeters meters,
        LongSupplier nanos) {
    List<Tensor> answer(InferenceCall call) {
        long begin = nanos.getAsLong();
        Question question = part.question(call.inputs(), call.wanted());
        Optional<ResponseCache.Answer> found = part.find(question);
        long looked = nanos.getAsLong() - begin;
        if (found.isPresent()) {
            Span.current().set("tidemill.cache.hit", true);
            meters.cacheHit(looked);
            return found.get().outputs();
        }
        ResponseCache.Answer answer = model.apply(call);
        long ran = nanos.getAsLong();
        part.add(question, answer);
        meters.cacheMiss(looked + nanos.getAsLong() - ran);
        return answer.outputs();
    }
}
