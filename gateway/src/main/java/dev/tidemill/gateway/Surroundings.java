package dev.tidemill.gateway;

import dev.tidemill.limits.SharedMeters;
import dev.tidemill.stores.redis.RedisAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/// What a gateway finds around it, and tests choose.
///
/// @param nanos monotonic clock
/// @param clock the time of day
/// @param random gives the calling thread's generator
/// @param environment variables that hold upstreams' keys
/// @param tls for connections to https upstreams; asked for it when there is one, since it takes a
///   while to make
/// @param sharedMeters opens a store of limits that gateways share
/// @param bodyMemoryBytes of all request bodies that are held at once
record Surroundings(
        LongSupplier nanos,
        InstantSource clock,
        Supplier<? extends RandomGenerator> random,
        Map<String, String> environment,
        Supplier<SSLSocketFactory> tls,
        Function<StoreOfLimits, SharedMeters> sharedMeters,
        long bodyMemoryBytes) {
    /// @param space what gateways that share limits have in common: their name
    record StoreOfLimits(RedisAddress address, String space) {}

    Surroundings {
        environment = Map.copyOf(environment);
    }
}
