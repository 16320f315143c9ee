package org.wucme.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A real, headless Chromium with one page, told what to do by the DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 20;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Process process;
    private final OkHttpClient http = new OkHttpClient();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<JsonNode> loads = new LinkedBlockingQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private final String session;

    private Chromium(Process process, Path profile) throws IOException {
        this.process = process;
        this.socket = http.newWebSocket(
                new Request.Builder().url("ws://127.0.0.1:" + endpoint(profile)).build(), new Messages());
        String target = browser("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .textValue();
        this.session = browser("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .textValue();
        Stream.of("Page.enable", "Network.enable", "Log.enable", "Accessibility.enable")
                .forEach(domain -> page(domain, Map.of()));
    }

    /** The program that the variable CHROMIUM names, else one of the path. */
    static Optional<Path> find() {
        String named = System.getenv("CHROMIUM");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it with an empty profile. */
    static Chromium start(Path program, Path profile) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--user-data-dir=" + profile));
        // What it would else look for in the network is no business of these tests.
        Stream.of(
                        "headless=new",
                        "no-sandbox",
                        "disable-gpu",
                        "disable-dev-shm-usage",
                        "no-first-run",
                        "disable-background-networking",
                        "disable-component-update",
                        "disable-sync",
                        "disable-extensions",
                        "hide-scrollbars",
                        "remote-debugging-port=0")
                .forEach(option -> command.add("--" + option));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output.txt").toFile())
                .start();
        try {
            return new Chromium(process, profile);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private String endpoint(Path profile) throws IOException {
        Path file = profile.resolve("DevToolsActivePort");
        for (long left = PATIENCE_SECONDS * 50; left > 0 && process.isAlive(); left--) {
            if (Files.exists(file) && Files.readString(file).lines().count() == 2) {
                return String.join("", Files.readAllLines(file));
            }
            pause();
        }
        throw new IOException("Chromium does not start: " + Files.readString(profile.resolve("output.txt")));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Shows pages as a window of this size does, for people who like it light or dark. */
    void show(int width, int height, String colorScheme) {
        page(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        page(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
    }

    /** Goes to a page and waits until it is there. */
    void open(String url) {
        loads.clear();
        page("Page.navigate", Map.of("url", url));
        awaitLoad();
    }

    /** Clicks on what a selector finds, and waits for the page that comes then. */
    void click(String selector) {
        loads.clear();
        evaluate("document.querySelector(" + JSON.valueToTree(selector) + ").click()");
        awaitLoad();
    }

    private void awaitLoad() {
        try {
            if (loads.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
                throw new IllegalStateException("the page does not load");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What an expression on the page is worth. */
    JsonNode evaluate(String expression) {
        return page("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
                .path("result")
                .path("value");
    }

    /** What a screen reader is told of the page: roles and names. */
    List<String> accessible() {
        List<String> nodes = new ArrayList<>();
        for (JsonNode node : page("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
            if (!node.path("ignored").booleanValue()) {
                nodes.add(node.path("role").path("value").asText() + ": "
                        + node.path("name").path("value").asText());
            }
        }
        return nodes;
    }

    /** The URLs that were asked for since the start. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** What the browser's console says, such as what a policy forbade. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** The whole page as a picture. */
    void screenshot(Path file) throws IOException {
        JsonNode size = page("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
        ObjectNode clip = JSON.createObjectNode().put("x", 0).put("y", 0).put("scale", 1);
        clip.set("width", size.path("width"));
        clip.set("height", size.path("height"));
        String picture = page("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip))
                .path("data")
                .textValue();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(picture));
    }

    @Override
    public void close() {
        browser("Browser.close", Map.of());
        socket.cancel();
        http.dispatcher().executorService().shutdown();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode browser(String method, Map<String, Object> parameters) {
        return send(JSON.createObjectNode(), method, parameters);
    }

    private JsonNode page(String method, Map<String, Object> parameters) {
        return send(JSON.createObjectNode().put("sessionId", session), method, parameters);
    }

    private JsonNode send(ObjectNode message, String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        pending.put(id, reply);
        message.put("id", id).put("method", method).set("params", JSON.valueToTree(parameters));
        socket.send(message.toString());
        JsonNode result = reply.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (result.has("error")) {
            throw new IllegalStateException(method + ": " + result.path("error"));
        }
        return result.path("result");
    }

    private final class Messages extends WebSocketListener {

        @Override
        public void onMessage(WebSocket from, String text) {
            JsonNode message;
            try {
                message = JSON.readTree(text);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            CompletableFuture<JsonNode> reply =
                    pending.remove(message.path("id").intValue());
            if (reply != null) {
                reply.complete(message);
            }
            JsonNode parameters = message.path("params");
            switch (message.path("method").asText()) {
                case "Page.loadEventFired" -> loads.add(message);
                case "Network.requestWillBeSent" ->
                    requests.add(parameters.path("request").path("url").asText());
                case "Log.entryAdded" ->
                    complaints.add(parameters.path("entry").path("text").asText());
                default -> {}
            }
        }

        @Override
        public void onFailure(WebSocket from, Throwable cause, Response response) {
            pending.values().forEach(reply -> reply.completeExceptionally(cause));
        }
    }
}
