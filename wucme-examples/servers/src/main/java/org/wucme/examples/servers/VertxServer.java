package org.wucme.examples.servers;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.X509KeyManager;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.HttpAnswer;
import org.wucme.manage.CertificateManager;

/** Vert.x, which proves its names by http-01 on its plain port: {@code VertxServer NAME...} */
public final class VertxServer {

    private VertxServer() {}

    /** Serves the names on the command line. */
    public static void main(String[] names) throws IOException {
        Http01Responder http01 = new Http01Responder();
        CertificateManager manager = Certificates.of(names).solvers(http01).build();
        Vertx vertx = Vertx.vertx();
        Future.all(
                        plain(vertx, http01).listen(SocketAddress.inetSocketAddress(Addresses.STANDARD.plain())),
                        tls(vertx, manager.keyManager())
                                .listen(SocketAddress.inetSocketAddress(Addresses.STANDARD.tls())))
                .await();
        manager.start();
    }

    /** An HTTPS server with the certificates of this key manager, to be told to listen. */
    static HttpServer tls(Vertx vertx, X509KeyManager keys) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                // A key that is not in memory yet is waited for by a worker, and not by an event loop with all its
                // connections.
                .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true));
        return vertx.createHttpServer(options).requestHandler(VertxServer::greet);
    }

    /** A server for the plain port that answers challenges, to be told to listen. */
    static HttpServer plain(Vertx vertx, Http01Responder http01) {
        return vertx.createHttpServer().requestHandler(answering(http01, VertxServer::greet));
    }

    private static void greet(HttpServerRequest request) {
        request.response().end("Hello.\n");
    }

    private static Handler<HttpServerRequest> answering(
            Http01Responder http01, Handler<HttpServerRequest> application) {
        return request -> answer(http01, request)
                .ifPresentOrElse(answer -> send(answer, request), () -> application.handle(request));
    }

    private static Optional<HttpAnswer> answer(Http01Responder http01, HttpServerRequest request) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        return reads ? http01.answer(request.getHeader("Host"), request.path()) : Optional.empty();
    }

    private static void send(HttpAnswer answer, HttpServerRequest request) {
        answer.headers().forEach(request.response()::putHeader);
        request.response().setStatusCode(answer.status()).end(Buffer.buffer(answer.bytes()));
    }
}
