package org.wucme.cli.report;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.internal.Workers;

/**
 * Shows the report to browsers and programs:
 *
 * <pre>
 * /                    all in one page; also under wµCME's /admin/cert
 * /admin/log           the latest lines of the log
 * /admin/check/NAME    a check, run by POST
 * /status.json         the report as JSON
 * /metrics             the same for Prometheus
 * </pre>
 *
 * <p>Nothing but a check makes anything happen. On a loopback address everybody on this machine may ask; on any other
 * the password must be known. Thread-safe.
 */
public final class ReportServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReportServer.class);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration CHECK_LIMIT = Duration.ofMinutes(2);
    private static final int BACKLOG = 64;
    private static final String CHECK_PREFIX = "/admin/check/";

    private final ReportSettings settings;
    private final Admission admission;
    private final Checks checks;
    private final Stylesheet stylesheet = Stylesheet.load();
    private final Pages pages;
    private final HttpServer server;
    private final Workers workers = new Workers("report", REQUEST_LIMIT);
    private final Workers checkers = new Workers("report check", CHECK_LIMIT);

    private ReportServer(ReportSettings settings, HttpServer server) {
        this.settings = settings;
        this.server = server;
        this.admission = new Admission(settings);
        this.checks = new Checks(settings.checks(), settings.clock());
        this.pages = new Pages(settings, checks, stylesheet);
    }

    /**
     * A server that listens from now on.
     *
     * @throws IllegalArgumentException if others can reach it, and no password is set
     * @throws IOException if it cannot listen there; the message says why, and what to do
     */
    public static ReportServer open(ReportSettings settings) throws IOException {
        InetAddress address = settings.address().getAddress();
        boolean isLoopback = address != null && address.isLoopbackAddress();
        if (!isLoopback && settings.password() == null) {
            throw new IllegalArgumentException("others can reach the report at "
                    + settings.address().getHostString() + ", so it needs a password (--report-password-file)");
        }
        if (!isLoopback && settings.tls() == null) {
            LOG.warn("the report's password goes over the network unencrypted: have a server in front do TLS");
        }
        ReportServer report = new ReportServer(settings, bind(settings));
        report.start();
        return report;
    }

    private static HttpServer bind(ReportSettings settings) throws IOException {
        InetSocketAddress address = settings.address();
        try {
            if (settings.tls() == null) {
                return HttpServer.create(address, BACKLOG);
            }
            HttpsServer server = HttpsServer.create(address, BACKLOG);
            server.setHttpsConfigurator(new HttpsConfigurator(settings.tls()));
            return server;
        } catch (IOException e) {
            ListenException why = ListenException.of(address, "choose another one for the report (--report-port)", e);
            // As itself, it would be taken for one about the port of a challenge.
            throw new IOException(why.getMessage(), why);
        }
    }

    private void start() {
        server.setExecutor(workers.interrupting());
        server.createContext("/", this::handle);
        server.start();
        LOG.info("the report is at {}", url());
    }

    /** The port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The URL of the first page. */
    public String url() {
        String host = settings.address().getAddress().isAnyLocalAddress()
                ? settings.host()
                : settings.address().getHostString();
        return (settings.tls() == null ? "http://" : "https://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port() + "/";
    }

    /** Stops listening at once. */
    @Override
    public void close() {
        server.stop(0);
        workers.close();
        checkers.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Optional<Answer> refusal = admission.refuse(exchange);
        if (refusal.isPresent()) {
            send(exchange, refusal.get());
        } else if (exchange.getRequestMethod().equals("POST")) {
            handlePost(exchange);
        } else {
            send(exchange, read(exchange));
        }
    }

    private void handlePost(HttpExchange exchange) throws IOException {
        Optional<String> check = check(path(exchange));
        Optional<Answer> refusal =
                check.isEmpty() ? Optional.of(wrongMethod("GET, HEAD")) : admission.refuseCrossSite(exchange);
        if (refusal.isPresent()) {
            send(exchange, refusal.get());
            return;
        }
        try {
            // It may take longer than a request has; the exchange goes with it.
            checkers.interrupting().execute(() -> sendResult(exchange, check.get()));
        } catch (RejectedExecutionException e) {
            send(exchange, Answer.text(503, "Too much is asked for at once."));
        }
    }

    private void sendResult(HttpExchange exchange, String name) {
        try {
            Optional<Checks.Result> result = checks.run(name);
            send(
                    exchange,
                    result.map(done -> Answer.html(done.worked() ? 200 : 503, pages.check(name, "../../")))
                            .orElse(Answer.text(503, "Another check is running; try again when it is done.")));
        } catch (IOException e) {
            LOG.debug("whoever asked for check {} has gone", name, e);
        } catch (RuntimeException | Error e) {
            LOG.warn("what the check {} found cannot be shown", name, e);
            exchange.close();
        }
    }

    private Answer read(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        String path = path(exchange);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return wrongMethod(check(path).isPresent() ? "GET, HEAD, POST" : "GET, HEAD");
        }
        try {
            return answer(path);
        } catch (IOException e) {
            return Answer.text(500, "The store cannot be read: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.warn("the report failed unexpectedly", e);
            return Answer.text(500, "Unexpected error; the log says more.");
        }
    }

    private Answer answer(String path) throws IOException {
        Optional<String> check = check(path);
        if (check.isPresent()) {
            return Answer.html(200, pages.check(check.get(), "../../"));
        }
        return switch (path) {
            case "/" -> Answer.html(200, pages.overview(report(), ""));
            case "/admin/cert" -> Answer.html(200, pages.overview(report(), "../"));
            case "/admin/log" -> Answer.html(200, pages.log(settings.log().get(), "../"));
            case "/status.json" -> Answer.of(200, "application/json", ReportJson.write(report()) + "\n");
            case "/metrics" ->
                Answer.of(200, ReportMetrics.contentType(), ReportMetrics.write(report(), settings.version()));
            default -> Answer.text(404, "There is no such page.");
        };
    }

    private Report report() throws IOException {
        return Report.of(
                settings.store().list(),
                settings.manager().get(),
                settings.clock().instant());
    }

    private static Answer wrongMethod(String allowed) {
        return Answer.text(405, "This can only be read.").with("Allow", allowed);
    }

    private static String path(HttpExchange exchange) {
        return Objects.requireNonNullElse(exchange.getRequestURI().getRawPath(), "");
    }

    private Optional<String> check(String path) {
        return path.startsWith(CHECK_PREFIX)
                ? Optional.of(path.substring(CHECK_PREFIX.length())).filter(checks.names()::contains)
                : Optional.empty();
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            byte[] body = answer.bytes();
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.contentType());
            headers.set("Content-Security-Policy", stylesheet.policy());
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("X-Frame-Options", "DENY");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            // With "no-referrer" a browser would hide the origin of our own forms, too.
            headers.set("Referrer-Policy", "same-origin");
            headers.set("Cache-Control", "no-store");
            headers.set("Connection", "close");
            answer.headers().forEach(headers::set);
            if (exchange.getRequestMethod().equals("HEAD")) {
                headers.set("Content-Length", Integer.toString(body.length));
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }
}
