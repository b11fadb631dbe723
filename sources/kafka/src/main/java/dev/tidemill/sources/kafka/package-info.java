/// How far consumer groups of Kafka are behind: its client, what is counted and how, and where the
/// secrets of its brokers come from.
@NullMarked
package dev.tidemill.sources.kafka;

import org.jspecify.annotations.NullMarked;
