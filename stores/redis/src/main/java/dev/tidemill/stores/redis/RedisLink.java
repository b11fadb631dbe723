package dev.tidemill.stores.redis;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One connection to a Redis, which all requests share: what they write goes out together. It comes
/// back by itself once it has been there; the first time whoever calls [#connect()] makes it.
final class RedisLink implements AutoCloseable {
    /// Commands that wait for an answer, which come too late anyway when there are more.
    private static final int MAX_WAITING = 10_000;

    /// Nobody waits for a connection but the one who looks for it in the background.
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private static final Duration RECONNECT = Duration.ofMillis(200);

    private final RedisAddress address;
    private final ClientResources resources;
    private final RedisClient client;
    private final Object lock = new Object();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;

    RedisLink(RedisAddress address) {
        this.address = address;
        this.resources =
                DefaultClientResources.builder()
                        .ioThreadPoolSize(2)
                        .computationThreadPoolSize(2)
                        .reconnectDelay(Delay.constant(RECONNECT))
                        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                        .build();
        this.client = RedisClient.create(resources, uri(address));
        client.setOptions(
                ClientOptions.builder()
                        .protocolVersion(ProtocolVersion.RESP2)
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .requestQueueSize(MAX_WAITING)
                        .socketOptions(
                                SocketOptions.builder()
                                        .connectTimeout(CONNECT)
                                        .keepAlive(true)
                                        .tcpNoDelay(true)
                                        .build())
                        .timeoutOptions(TimeoutOptions.create())
                        .build());
    }

    private static RedisURI uri(RedisAddress address) {
        RedisURI uri =
                RedisURI.builder()
                        .withHost(address.url().getHost())
                        .withPort(address.port())
                        .withDatabase(address.database())
                        .withSsl(address.isTls())
                        .withTimeout(CONNECT)
                        .build();
        address.password()
                .ifPresent(password ->
                        uri.setCredentialsProvider(
                                new StaticCredentialsProvider(
                                        RedisCredentials.just(
                                                address.user().orElse(null), password))));
        return uri;
    }

    /// Makes the connection unless it was made before.
    RedisAsyncCommands<String, String> connect() {
        synchronized (lock) {
            StatefulRedisConnection<String, String> made = connection;
            if (made == null) {
                try {
                    made = client.connect(StringCodec.UTF8);
                } catch (RedisException e) {
                    throw lost("no connection", e);
                }
                connection = made;
            }
            return made.async();
        }
    }

    /// @throws TidemillException `UNAVAILABLE` when it was never made
    RedisAsyncCommands<String, String> commands() {
        StatefulRedisConnection<String, String> made = connection;
        if (made == null) {
            throw new TidemillException(ErrorCode.UNAVAILABLE, message("no connection"));
        }
        return made.async();
    }

    /// Waits for an answer, but not for long.
    <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture()
                    .get(address.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw lost("no answer within %d ms".formatted(address.timeout().toMillis()), e);
        } catch (ExecutionException e) {
            throw lost(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost("interrupted", e);
        }
    }

    private TidemillException lost(String why, Exception cause) {
        return new TidemillException(ErrorCode.UNAVAILABLE, message(why), cause);
    }

    private String message(String why) {
        return "redis %s: %s".formatted(address, why);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofMillis(100));
        Future<?> _ = resources.shutdown(0, 100, TimeUnit.MILLISECONDS);
    }
}
