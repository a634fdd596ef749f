import com.sun.source.util.JavacTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Reads the Java sources below a folder by the rules of the language, without looking for what they import. */
public class ParseJava {
    public static void main(String[] arguments) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new DiagnosticCollector<JavaFileObject>();
        try (var files = compiler.getStandardFileManager(problems, null, null);
                var paths = Files.walk(Path.of(arguments[0]))) {
            List<Path> sources = paths.filter(path -> path.toString().endsWith(".java")).toList();
            var task = (JavacTask) compiler.getTask(null, files, problems, null, null,
                    files.getJavaFileObjectsFromPaths(sources));
            task.parse();
            problems.getDiagnostics().forEach(System.err::println);
            System.out.println(sources.size());
        }
        System.exit(problems.getDiagnostics().isEmpty() ? 0 : 1);
    }
}
