package step

import (
	"context"
	"fmt"

	"github.com/prefectc/prefectc/compiler/value"
)

func pipStep() nativeStep {
	return nativeStep{name: "pip_install_requirements", run: pipInstall, params: []param{
		optional("directory", nil), optional("requirements_file", "requirements.txt"), optional("stream_output", true),
	}}
}

// pipInstall runs pip of the user's interpreter.
func pipInstall(ctx context.Context, r *run, args arguments) (*value.Map, error) {
	interpreter, err := r.interpreter()
	if err != nil {
		return nil, err
	}
	file, given, err := args.path("requirements_file")
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, pyError("TypeError", "expected str, bytes or os.PathLike object, not NoneType", "requirements_file must be text")
	}
	c := command{args: []string{interpreter, "-m", "pip", "install", "-r", file}, dir: r.Dir, shown: r.Dir, env: r.Env}
	dir, given, err := args.path("directory")
	if err != nil {
		return nil, err
	}
	if given {
		if dir == "" {
			return nil, pyError("FileNotFoundError", "[Errno 2] No such file or directory: ''", "directory is empty")
		}
		c.dir, c.shown = r.join(dir), dir
	}
	got, err := r.execute(ctx, c, args.truthy("stream_output"))
	if err != nil {
		return nil, err
	}
	if got.code != 0 {
		return nil, pyError("RuntimeError",
			fmt.Sprintf("pip_install_requirements failed with error code %d: %s", got.code, got.stderr), "")
	}
	return value.NewMap("stdout", strip(got.stdout), "stderr", strip(got.stderr)), nil
}
