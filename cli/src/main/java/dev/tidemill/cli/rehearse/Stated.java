package dev.tidemill.cli.rehearse;

/// What options say of a service, as text; empty where they say nothing.
public record Stated(
        String slots,
        String slotTime,
        String startUp,
        String limit,
        String late,
        String min,
        String max) {}
