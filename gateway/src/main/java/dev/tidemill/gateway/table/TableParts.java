package dev.tidemill.gateway.table;

import dev.tidemill.gateway.access.WrongKeys;
import dev.tidemill.gateway.canary.Canaries;
import dev.tidemill.gateway.jwt.Issuers;
import dev.tidemill.gateway.traffic.TrafficLedger;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/// What tables are made with, all the process long.
///
/// @param nanos monotonic clock
/// @param clock the time of day, for keys that expire
/// @param issuers of tokens
/// @param wrongKeys that clients tried
/// @param tls for connections to https upstreams
/// @param ours for those to our own servers, where they speak TLS
public record TableParts(
        TrafficLedger ledger,
        LongSupplier nanos,
        InstantSource clock,
        UpstreamKeys keys,
        Issuers issuers,
        WrongKeys wrongKeys,
        Canaries canaries,
        Supplier<SSLSocketFactory> tls,
        Supplier<SSLSocketFactory> ours) {}
