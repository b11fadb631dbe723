package dev.tidemill.http.tracing;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Stands for a span where there is none.
final class NoSpan implements Span {
    NoSpan() {}

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public boolean isRecorded() {
        return false;
    }

    @Override
    public String traceId() {
        return "";
    }

    @Override
    public Span child(String name) {
        return this;
    }

    @Override
    public Span child(String name, long beginNanos, List<Span> links) {
        return this;
    }

    @Override
    public Span call(String name) {
        return this;
    }

    @Override
    public Span set(String key, String value) {
        return this;
    }

    @Override
    public Span set(String key, long value) {
        return this;
    }

    @Override
    public Span set(String key, boolean value) {
        return this;
    }

    @Override
    public Span at(String authority) {
        return this;
    }

    @Override
    public Span rename(String name) {
        return this;
    }

    @Override
    public Span fail(String type) {
        return this;
    }

    @Override
    public void end() {}

    @Override
    public void end(long nanos) {}

    @Override
    public void propagate(BiConsumer<String, String> headers) {}

    @Override
    public <T> T during(Supplier<T> work) {
        return work.get();
    }

    @Override
    public Runnable carry(Runnable work) {
        return work;
    }

    @Override
    public <T> Callable<T> carry(Callable<T> work) {
        return work;
    }
}
