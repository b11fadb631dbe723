package dev.tidemill.rehearsal;

/// What one day of a replay came to; whole days are what chance is judged by.
public record Day(double requests, double late, double replicaHours) {}
