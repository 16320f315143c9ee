package org.wucme.cli.load;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.cli.Errors;
import org.wucme.cli.call.Command;
import org.wucme.cli.call.JsonPost;
import org.wucme.manage.Deployment;

/**
 * Reads load actions, wµCME's {@code WUCME_LOAD}: what is done, in this order, with each certificate that was stored.
 *
 * <pre>
 * +                                      the built-in reload
 * https://HOST/PATH                      posts what is known of the certificate, as JSON; never its key
 * HUP:/run/nginx.pid                     sends a signal to the process in a pid file
 * pem:DIR                                exports cert.pem, chain.pem, fullchain.pem, privkey.pem
 * pkcs12:FILE PASSWORD-FILE              exports a keystore
 * /usr/local/bin/copy-it "to host"       anything else: runs a program with these arguments, without a shell
 * </pre>
 *
 * <p>In a DIR, FILE or pid file, and in the arguments of a program, <code>{name}</code> stands for what the store calls the
 * certificate. A program has five minutes, and learns by its environment what it is about; what it prints is logged.
 */
public final class LoadActions {

    /** The built-in reload. */
    public static final String RELOAD = "+";

    private static final Logger LOG = LoggerFactory.getLogger(LoadActions.class);
    private static final Pattern URL = Pattern.compile("(?i)https?://.*");
    private static final Pattern BEFORE_NAME = Pattern.compile("(?:[@\"']|[A-Z0-9]+:|pem:|pkcs12:)*");
    private static final Pattern URL_IN_NAME = Pattern.compile("\\S*[A-Za-z]://");
    private static final Pattern URL_IN_TEXT = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)([^\\s\"']*)");

    private final Deployment reload;
    private final Supplier<OkHttpClient> http;
    private final LoadEvent event;

    private LoadActions(Deployment reload, Supplier<OkHttpClient> http, LoadEvent event) {
        this.reload = reload;
        this.http = http;
        this.event = event;
    }

    /**
     * The actions by their names, in their order. A name is the action as it was written, without what may be secret in a
     * URL; it stays the same when the process is started again, and may be shown.
     *
     * @param values one action, or several in lines of their own, in each
     * @param reload what {@link #RELOAD} means here
     * @param http the client for URLs, asked for only if there are some
     * @param event why they are carried out
     * @throws IllegalArgumentException if one cannot be understood, is a program that root must not run, or would send a
     *     secret unencrypted; the message says which, and shows no secret
     */
    public static Map<String, Deployment> parse(
            List<String> values, Deployment reload, Supplier<OkHttpClient> http, LoadEvent event) {
        LoadActions reader = new LoadActions(reload, http, event);
        Map<String, Deployment> actions = new LinkedHashMap<>();
        texts(values).forEach(text -> actions.put(freeName(actions, nameOf(text)), reader.read(text)));
        texts(values).flatMap(LoadActions::problems).forEach(LOG::warn);
        if (actions.keySet().equals(Set.of(RELOAD))) {
            LOG.warn(
                    "the load action \"+\" is for servers inside this process: any other one needs an action of its own");
        }
        return actions;
    }

    /**
     * What will make actions fail, as things are now, or was meant in another way; each line says which, as a log may.
     *
     * @throws IllegalArgumentException if one cannot be understood, or is refused
     */
    public static List<String> problems(List<String> values, Supplier<OkHttpClient> http) {
        LoadActions reader = new LoadActions(certificate -> {}, http, LoadEvent.CHECK);
        texts(values).forEach(reader::read);
        return texts(values).flatMap(LoadActions::problems).toList();
    }

    private static Stream<String> texts(List<String> values) {
        return values.stream().flatMap(String::lines).map(String::strip).filter(text -> !text.isEmpty());
    }

    // A program may be there by the time that it is needed.
    private static Stream<String> problems(String text) {
        Stream<String> failure = program(text).flatMap(Command::problem).map("will fail: "::concat).stream();
        Stream<String> doubts = LikelyMistakes.in(text).map("may be meant in another way: "::concat);
        return Stream.concat(failure, doubts).map(problem -> "the load action \"" + nameOf(text) + "\" " + problem);
    }

    // Twice the same, such as a signal before and after a copy, is no mistake.
    private static String freeName(Map<String, Deployment> taken, String name) {
        String free = name;
        for (int i = 2; taken.containsKey(free); i++) {
            free = name + " (" + i + ")";
        }
        return free;
    }

    /** What an action is called. Passwords, tokens and secret paths stand in URLs; an argument any user can see anyway. */
    static String nameOf(String text) {
        return OneLine.of(URL_IN_TEXT
                .matcher(text)
                .replaceAll(url -> Matcher.quoteReplacement(shown(url.group(1), url.group(2)))));
    }

    private static String shown(String scheme, String rest) {
        String authority = rest.split("[/?#]", 2)[0];
        String path = rest.substring(authority.length());
        if (path.contains("@")) {
            // A password may have been written with what ends an authority.
            return scheme + "…";
        }
        String server = authority.substring(authority.lastIndexOf('@') + 1);
        return scheme + server + (path.length() > 1 ? "/…" : path);
    }

    private Deployment read(String text) {
        if (text.equals(RELOAD)) {
            return reload;
        }
        Deployment action = understood(text);
        refusal(text).ifPresent(refusal -> {
            throw new IllegalArgumentException("the load action \"" + nameOf(text) + "\" is refused: " + refusal);
        });
        return explained(action);
    }

    private Deployment understood(String text) {
        try {
            return understand(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the load action \"" + nameOf(text) + "\" cannot be understood: " + e.getMessage()
                            + LikelyMistakes.separator(text).map("; "::concat).orElse(""),
                    e);
        }
    }

    private static Optional<String> refusal(String text) {
        return URL.matcher(text).matches()
                ? JsonPost.refusal(JsonPost.parse(text))
                : program(text).flatMap(Command::exposure);
    }

    // Of a file that is not there, Java says only its name.
    private static Deployment explained(Deployment action) {
        return certificate -> {
            try {
                action.deploy(certificate);
            } catch (FileSystemException e) {
                throw new IOException(Errors.describe(e), e);
            }
        };
    }

    private Deployment understand(String text) {
        if (URL.matcher(text).matches()) {
            return new PostAction(new JsonPost(JsonPost.parse(text), http.get()), event);
        }
        requireNoUrl(text);
        if (SignalAction.isOne(text)) {
            return SignalAction.parse(text);
        }
        Optional<Command> program = program(text);
        return program.isPresent() ? new ProgramAction(program.get(), event) : ExportAction.of(words(text));
    }

    // Of files and programs, messages show the name, and a URL may be a secret.
    private static void requireNoUrl(String text) {
        if (URL_IN_NAME.matcher(BEFORE_NAME.matcher(text).replaceFirst("")).lookingAt()) {
            throw new IllegalArgumentException(
                    "a URL is part of a name: it is neither an http or https URL, nor the name of a"
                            + " file or a program");
        }
    }

    private static Optional<Command> program(String text) {
        if (text.equals(RELOAD) || URL.matcher(text).matches() || SignalAction.isOne(text)) {
            return Optional.empty();
        }
        List<String> words = words(text);
        return ExportAction.isOne(words.get(0))
                ? Optional.empty()
                : Optional.of(new Command(words, ProgramAction.LIMIT));
    }

    // wµCME writes a procedure with @.
    private static List<String> words(String text) {
        return Command.words(text.startsWith("@") ? text.substring(1) : text);
    }
}
