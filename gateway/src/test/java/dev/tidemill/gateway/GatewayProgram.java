package dev.tidemill.gateway;

/// The process, as a JVM of its own.
final class GatewayProgram {
    private GatewayProgram() {}

    public static void main(String[] args) {
        GatewayProcess.main(System.in, System.out);
    }
}
