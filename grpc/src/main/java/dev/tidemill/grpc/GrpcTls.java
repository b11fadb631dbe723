package dev.tidemill.grpc;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import javax.net.ssl.SSLContext;

/// TLS for gRPC with a context of Java's own, whose certificates may change while it is used.
public final class GrpcTls {
    private GrpcTls() {}

    /// For a listener.
    ///
    /// @param ofOurs whether clients must show a certificate, which the context then looks at
    public static SslContext listener(SSLContext context, boolean ofOurs) {
        return http2(context, false, ofOurs ? ClientAuth.REQUIRE : ClientAuth.NONE);
    }

    /// For connections to others.
    public static SslContext calls(SSLContext context) {
        return http2(context, true, ClientAuth.NONE);
    }

    private static SslContext http2(SSLContext context, boolean calls, ClientAuth asked) {
        return new JdkSslContext(
                context,
                calls,
                Http2SecurityUtil.CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2),
                asked,
                null,
                false);
    }
}
