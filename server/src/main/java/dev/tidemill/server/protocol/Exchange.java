package dev.tidemill.server.protocol;

import dev.tidemill.common.TidemillException;

/// What becomes of one HTTP request, told as it happens.
sealed interface Exchange permits LoggedExchange, Exchange.Unlogged {
    void asked(byte[] body);

    void answered(Reply reply);

    void failed(TidemillException why);

    void broke(RuntimeException defect);

    /// Once, last.
    ///
    /// @param nanos from the request's begin
    void end(long nanos);

    /// Nobody wants to know.
    enum Unlogged implements Exchange {
        INSTANCE;

        @Override
        public void asked(byte[] body) {}

        @Override
        public void answered(Reply reply) {}

        @Override
        public void failed(TidemillException why) {}

        @Override
        public void broke(RuntimeException defect) {}

        @Override
        public void end(long nanos) {}
    }
}
