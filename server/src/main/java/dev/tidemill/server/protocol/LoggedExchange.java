package dev.tidemill.server.protocol;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.RequestId;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.payload.Payload;
import dev.tidemill.server.payload.PayloadEntry;
import dev.tidemill.server.payload.PayloadLog;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.LongSupplier;

/// Gathers what the payload log is told about one request.
final class LoggedExchange implements Exchange {
    private static final HeaderName CE_ID = HeaderNames.create("ce-id");
    static final int OK = 200;
    static final int DEFECT = 500;
    private static final int LEFT = 0;

    private final PayloadLog log;
    private final ServedModel model;
    private final ServerRequest request;
    private final LongSupplier millis;
    private Payload asked = Payload.NONE;
    private Payload answered = Payload.NONE;
    private int status = LEFT;
    private String error = "the client left before its answer was there";

    /// @param millis since 1970
    LoggedExchange(PayloadLog log, ServedModel model, ServerRequest request, LongSupplier millis) {
        this.log = log;
        this.model = model;
        this.request = request;
        this.millis = millis;
    }

    @Override
    public void asked(byte[] body) {
        asked = new Payload(request.headers().first(HeaderNames.CONTENT_TYPE).orElse(""), body);
    }

    @Override
    public void answered(Reply reply) {
        answered = new Payload(reply.contentType().values(), reply.body());
        status = OK;
        error = "";
    }

    @Override
    public void failed(TidemillException why) {
        status = why.code().httpStatus();
        error = String.valueOf(why.getMessage());
    }

    @Override
    public void broke(RuntimeException defect) {
        status = DEFECT;
        error = defect.getClass().getName();
    }

    @Override
    public void end(long nanos) {
        log.add(
                new PayloadEntry(
                        millis.getAsLong(),
                        request.headers().first(CE_ID).orElseGet(RequestId::current),
                        model.name(),
                        model.version(),
                        request.prologue().uriPath().rawPath(),
                        status,
                        nanos,
                        asked,
                        answered,
                        error));
    }
}
