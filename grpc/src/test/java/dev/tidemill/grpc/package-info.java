@org.jspecify.annotations.NullMarked
package dev.tidemill.grpc;
