package dev.tidemill.rehearsal.study;

/// Where a figure lies in 95 of 100 cases.
public record Interval(double low, double high) {}
