package org.wucme.cli.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.wucme.cli.TextFile;

/**
 * The folder of another ACME client, which is only ever read. All in it is untrusted: nothing is followed out of the folder,
 * and sizes and numbers are bounded.
 *
 * <p>Paths are relative to the folder, with slashes.
 */
final class SourceFolder {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_ENTRIES = 50_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;

    private SourceFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens a folder.
     *
     * @throws IOException if it is none, or may not be read
     */
    static SourceFolder open(Path folder) throws IOException {
        Path root = folder.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(folder.toString());
        }
        return new SourceFolder(root);
    }

    /** Where it really is. */
    Path path() {
        return root;
    }

    /** Whether there is a file that {@link #text} would read, but for its size. */
    boolean isFile(String path) {
        try {
            return Files.isRegularFile(resolved(path), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether there is a folder in this one. */
    boolean isFolder(String path) {
        try {
            return Files.isDirectory(resolved(path), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return false;
        }
    }

    /** The paths of the folders in a folder, in the order of their names; empty if there is no such folder. */
    List<String> folders(String path) throws IOException {
        return entries(path).stream().filter(this::isFolder).toList();
    }

    /** The paths of the files in a folder whose names match, in the order of their names; empty if there is no such folder. */
    List<String> files(String path, Pattern name) throws IOException {
        return entries(path).stream()
                .filter(entry -> name.matcher(nameOf(entry)).matches())
                .filter(this::isFile)
                .toList();
    }

    /** The paths of all files of one name, in a folder and those below, but no deeper than an account ever lies. */
    List<String> filesBelow(String path, String name, int depth) throws IOException {
        List<String> found = new ArrayList<>(files(path, Pattern.compile(Pattern.quote(name))));
        if (depth > 0) {
            for (String folder : folders(path)) {
                found.addAll(filesBelow(folder, name, depth - 1));
            }
        }
        return List.copyOf(found);
    }

    /**
     * The text of a file, without a byte order mark.
     *
     * @throws IOException if it cannot be read, leads out of the folder, or is larger than anything that belongs here
     */
    String text(String path) throws IOException {
        Path file = resolved(path);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(path, null, "this is no file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new FileSystemException(path, null, "this is larger than anything that belongs here");
            }
            return TextFile.withoutByteOrderMark(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** The JSON in a file. */
    JsonNode json(String path) throws IOException {
        try {
            return JSON.readTree(text(path));
        } catch (JsonProcessingException e) {
            // Its own words may quote what is in the file.
            throw new FileSystemException(path, null, "this is not JSON");
        }
    }

    /** The last part of a path. */
    static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** All of a path but its last part. */
    static String parentOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private List<String> entries(String path) throws IOException {
        if (!isFolder(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(resolved(path))) {
            List<String> names = entries.limit(MOST_ENTRIES + 1L)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
            if (names.size() > MOST_ENTRIES) {
                throw new FileSystemException(path, null, "there is more in it than in any folder of an ACME client");
            }
            return names.stream()
                    .map(name -> path.isEmpty() ? name : path + "/" + name)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Path resolved(String path) throws IOException {
        Path real;
        try {
            real = root.resolve(path).toRealPath();
        } catch (InvalidPathException e) {
            throw new FileSystemException(path, null, "this is no name of a file");
        }
        if (!real.startsWith(root)) {
            throw new FileSystemException(path, null, "this leads out of " + root);
        }
        return real;
    }
}
