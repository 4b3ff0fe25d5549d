git init -q . && git add -A && git commit -qm "first line

body of it" && git remote add origin https://user:pw@example.invalid/team/repo.git
