package org.wucme.cli.report;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.internal.ThrottledLog;
import org.wucme.challenges.internal.Workers;
import org.wucme.challenges.internal.server.HttpProtocol;
import org.wucme.challenges.internal.server.HttpRequest;
import org.wucme.challenges.internal.server.HttpResponse;
import org.wucme.challenges.internal.server.Protocol;
import org.wucme.challenges.internal.server.SelectorServer;
import org.wucme.challenges.internal.server.TlsProtocol;
import org.wucme.challenges.internal.server.Transport;

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
 * <p>All of them are also below a path of the settings, as in wµCME below {@code /cgi-bin/wucme}. Nothing but a check makes anything happen. On a loopback address everybody on this machine may ask; on any other
 * the password must be known. Slow clients occupy no thread; see {@link ConnectionLimits}. Thread-safe.
 */
public final class ReportServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReportServer.class);
    private static final Duration CHECK_LIMIT = Duration.ofMinutes(2);
    private static final int ERRORS_PER_MINUTE = 5;
    private static final String CHECK_PREFIX = "/admin/check/";

    private final ReportSettings settings;
    private final Admission admission;
    private final Checks checks;
    private final Stylesheet stylesheet = Stylesheet.load();
    private final Pages pages;
    private final SelectorServer server;
    private final Workers checkers = new Workers("report check", CHECK_LIMIT);
    private final ThrottledLog errors = new ThrottledLog(LOG, Level.WARN, ERRORS_PER_MINUTE);

    private ReportServer(ReportSettings settings, ConnectionLimits limits) throws IOException {
        this.settings = settings;
        this.admission = new Admission(settings);
        this.checks = new Checks(settings.checks(), settings.clock());
        this.pages = new Pages(settings, checks, stylesheet);
        this.server = bind(limits);
    }

    /**
     * A server that listens from now on.
     *
     * @throws IllegalArgumentException if others can reach it, and no password is set
     * @throws IOException if it cannot listen there; the message says why, and what to do
     */
    public static ReportServer open(ReportSettings settings) throws IOException {
        return open(settings, ConnectionLimits.defaults());
    }

    /** A server that listens from now on, with limits of its own; see {@link #open(ReportSettings)}. */
    public static ReportServer open(ReportSettings settings, ConnectionLimits limits) throws IOException {
        InetAddress address = settings.address().getAddress();
        boolean isLoopback = address != null && address.isLoopbackAddress();
        if (!isLoopback && settings.password() == null) {
            throw new IllegalArgumentException("others can reach the report at "
                    + settings.address().getHostString() + ", so it needs a password (--report-password-file)");
        }
        if (!isLoopback && settings.tls() == null) {
            LOG.warn("the report's password goes over the network unencrypted: have a server in front do TLS");
        }
        ReportServer report = new ReportServer(settings, limits);
        LOG.info("the report is at {}", report.url());
        return report;
    }

    private SelectorServer bind(ConnectionLimits limits) throws IOException {
        InetSocketAddress address = settings.address();
        SSLContext tls = settings.tls();
        Function<Transport, Protocol> http = HttpProtocol.answering(this::handle);
        try {
            return SelectorServer.open(
                    "report", address, limits, tls == null ? http : TlsProtocol.below(http, tls::createSSLEngine));
        } catch (IOException e) {
            ListenException why = ListenException.of(address, "choose another one for the report (--report-port)", e);
            // As itself, it would be taken for one about the port of a challenge.
            throw new IOException(why.getMessage(), why);
        }
    }

    /** The port on which it listens. */
    public int port() {
        return server.port();
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
        server.close();
        checkers.close();
    }

    private void handle(HttpRequest request, Consumer<HttpResponse> reply) {
        Optional<Answer> refusal = admission.refuse(request);
        if (refusal.isPresent()) {
            reply.accept(response(refusal.get()));
        } else if (request.method().equals("POST")) {
            handlePost(request, reply);
        } else {
            reply.accept(response(read(request)));
        }
    }

    private void handlePost(HttpRequest request, Consumer<HttpResponse> reply) {
        Optional<String> check = check(path(request));
        Optional<Answer> refusal =
                check.isEmpty() ? Optional.of(wrongMethod("GET, HEAD")) : admission.refuseCrossSite(request);
        if (refusal.isPresent()) {
            reply.accept(response(refusal.get()));
            return;
        }
        try {
            // It may take longer than a request has.
            checkers.execute(CHECK_PREFIX, () -> reply.accept(response(result(check.get()))));
        } catch (RejectedExecutionException e) {
            reply.accept(response(Answer.text(503, "Too much is asked for at once.")));
        }
    }

    private Answer result(String name) {
        try {
            return checks.run(name)
                    .map(done -> Answer.html(done.worked() ? 200 : 503, pages.check(name, "../../")))
                    .orElse(Answer.text(503, "Another check is running; try again when it is done."));
        } catch (RuntimeException | Error e) {
            return unexpected(e);
        }
    }

    private Answer read(HttpRequest request) {
        String method = request.method();
        String path = path(request);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return wrongMethod(check(path).isPresent() ? "GET, HEAD, POST" : "GET, HEAD");
        }
        try {
            return answer(path);
        } catch (IOException e) {
            return Answer.text(500, "The store cannot be read: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            return unexpected(e);
        }
    }

    private Answer unexpected(Throwable error) {
        errors.log("unexpected error while answering a request for the report", error);
        return Answer.text(500, "Unexpected error; the log says more.");
    }

    private Answer answer(String path) throws IOException {
        Optional<String> check = check(path);
        if (check.isPresent()) {
            return Answer.html(200, pages.check(check.get(), "../../"));
        }
        return switch (path) {
            // Its links are relative.
            case "" -> Answer.text(308, "It is below this path.").with("Location", settings.pathPrefix() + "/");
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
        ManagerState history = settings.manager().get();
        return Report.of(settings.status().read(), history);
    }

    /** What is asked for, wherever the report is to a server in front. */
    private String path(HttpRequest request) {
        String path = request.path();
        String below = settings.pathPrefix();
        return path.equals(below) || path.startsWith(below + "/") ? path.substring(below.length()) : path;
    }

    private static Answer wrongMethod(String allowed) {
        return Answer.text(405, "This can only be read.").with("Allow", allowed);
    }

    private Optional<String> check(String path) {
        return path.startsWith(CHECK_PREFIX)
                ? Optional.of(path.substring(CHECK_PREFIX.length())).filter(checks.names()::contains)
                : Optional.empty();
    }

    private HttpResponse response(Answer answer) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Content-Type", answer.contentType());
        fields.put("Content-Security-Policy", stylesheet.policy());
        fields.put("X-Content-Type-Options", "nosniff");
        fields.put("X-Frame-Options", "DENY");
        fields.put("Cross-Origin-Resource-Policy", "same-origin");
        // With "no-referrer" a browser would hide the origin of our own forms, too.
        fields.put("Referrer-Policy", "same-origin");
        fields.put("Cache-Control", "no-store");
        fields.putAll(answer.headers());
        return new HttpResponse(answer.status(), fields, answer.body());
    }
}
