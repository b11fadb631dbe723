package dev.tidemill.cli.command;

import java.security.Security;

/// Where names are found, in processes that run for long.
final class Addresses {
    private Addresses() {}

    /// Pods come and go by the second, and a database that fails over is a name with another
    /// address; the JVM would keep the one before for half a minute. To be called before the first
    /// name is looked up.
    static void follow() {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }
}
