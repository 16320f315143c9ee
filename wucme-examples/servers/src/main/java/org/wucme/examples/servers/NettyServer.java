package org.wucme.examples.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.HttpAnswer;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.manage.CertificateManager;

/**
 * Netty, which proves its names by tls-alpn-01 on its TLS port, or by http-01 on its plain port: {@code NettyServer NAME...}
 */
public final class NettyServer implements AutoCloseable {

    private static final int LARGEST_REQUEST = 65_536;
    private static final HttpAnswer GREETING = new HttpAnswer(200, "text/plain", "Hello.\n");

    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final ExecutorService handshakes = Certificates.handshakeThreads();
    private final SslContext tls;
    private final Http01Responder http01;

    /** Serves the names on the command line. */
    public static void main(String[] names) throws IOException {
        Http01Responder http01 = new Http01Responder();
        TlsAlpn01Responder tlsAlpn01 = new TlsAlpn01Responder();
        CertificateManager manager =
                Certificates.of(names).solvers(tlsAlpn01, http01).build();
        NettyServer server = new NettyServer(new TlsAlpn01KeyManager(tlsAlpn01, manager.keyManager()), http01);
        server.listen(Addresses.STANDARD.plain());
        server.listenTls(Addresses.STANDARD.tls());
        manager.start();
    }

    /** A server with the certificates of this key manager, to be told to listen. */
    NettyServer(X509ExtendedKeyManager keys, Http01Responder http01) throws SSLException {
        this.http01 = http01;
        this.tls = SslContextBuilder.forServer(keys)
                // The key manager asks Java's engine which protocol the handshake is for.
                .sslProvider(SslProvider.JDK)
                .sslContextProvider(Security.getProvider("SunJSSE"))
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_1_1,
                        TlsAlpn01.PROTOCOL))
                .build();
    }

    /** Listens for HTTP. */
    Channel listen(InetSocketAddress address) {
        return listen(address, this::addHttp);
    }

    /** Listens for HTTPS. */
    Channel listenTls(InetSocketAddress address) {
        return listen(address, pipeline -> {
            pipeline.addLast(tls.newHandler(pipeline.channel().alloc(), handshakes));
            addHttp(pipeline);
        });
    }

    private Channel listen(InetSocketAddress address, Consumer<ChannelPipeline> protocols) {
        return new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        protocols.accept(connection.pipeline());
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    private void addHttp(ChannelPipeline pipeline) {
        pipeline.addLast(
                new HttpServerCodec(),
                new HttpServerKeepAliveHandler(),
                new HttpObjectAggregator(LARGEST_REQUEST),
                new SimpleChannelInboundHandler<FullHttpRequest>() {
                    // A write that fails closes the connection, and there is nothing else to do then.
                    @SuppressWarnings("FutureReturnValueIgnored")
                    @Override
                    protected void channelRead0(ChannelHandlerContext connection, FullHttpRequest request) {
                        connection.writeAndFlush(response(request));
                    }
                });
    }

    private FullHttpResponse response(FullHttpRequest request) {
        HttpAnswer answer = answer(request).orElse(GREETING);
        byte[] body = answer.bytes();
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        answer.headers().forEach(response.headers()::set);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response;
    }

    private Optional<HttpAnswer> answer(FullHttpRequest request) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        String host = request.headers().get(HttpHeaderNames.HOST);
        return reads ? http01.answer(host, request.uri()) : Optional.empty();
    }

    /** Stops listening and cuts all connections. */
    @Override
    public void close() {
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        handshakes.shutdownNow();
    }
}
