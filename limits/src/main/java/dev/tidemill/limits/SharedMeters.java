package dev.tidemill.limits;

import java.util.List;

/// What several processes have used together. Whatever keeps it decides as [Quota] does, by its own
/// clock, and takes what a request asks for of all meters at once or of none. Thread-safe.
///
/// Every method but [#close()] blocks, for a short time that the implementation was told, and then
/// throws `TidemillException` with `UNAVAILABLE`. What was taken in vain then is given back when it
/// becomes known.
public interface SharedMeters extends AutoCloseable {
    /// Takes what a request is expected to take.
    ///
    /// @return a decision for each claim, in order, up to the first that is exceeded; then nothing
    ///   was taken. The same request again takes nothing more while it has not ended
    List<QuotaDecision> reserve(Request request);

    /// A request that was granted has ended. Counts once, however often it is told.
    ///
    /// @param days on which money was reserved, one for each claim, of the uses that were granted
    /// @param actual what it used
    void settle(Request request, List<Long> days, Amount actual);

    /// Asks for a sign of life, and connects again where that is needed.
    void check();

    @Override
    void close();

    /// @param id no other request of any process has it
    /// @param leaseMillis after which its place among the requests at a time is free again although
    ///   nobody said that it has ended, because the process that held it may be gone
    record Request(String id, List<Claim> claims, Amount estimate, long leaseMillis) {
        public Request {
            claims = List.copyOf(claims);
        }
    }

    /// @param meter its name, the same for every process
    record Claim(String meter, Quota quota) {}
}
