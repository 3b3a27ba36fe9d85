import { describe, expect, it } from 'vitest';
import { heredocMark, heredocMarks } from '../../../../src/formats/dockerfile/syntax/heredoc.ts';

describe('heredocMarks', () => {
  it.each([
    ['RUN <<EOF', ['EOF']],
    ['RUN <<-EOF', ['EOF']],
    ['RUN 3<<EOF', ['EOF']],
    ['RUN << EOF > out', ['EOF']],
    ['RUN << -EOF', ['-EOF']],
    ['COPY <<one.txt <<two.txt /dest/', ['one.txt', 'two.txt']],
    ["RUN <<'EOF'", ['EOF']],
    ['RUN <<"EOF"', ['EOF']],
    ["RUN <<E'O'F", ['EOF']],
    ["RUN <<E\\'F", ["E'F"]],
    ["RUN <<'two words'", ['two words']],
    ['RUN <<$NAME', ['$NAME']],
    ['RUN cat <<EOF | sh', ['EOF']],
    ['RUN echo ${A:-b} <<EOF', ['EOF']],
    ['RUN "<<EOF"', []],
    ["RUN '<<EOF'", []],
    ['RUN \\<<EOF', []],
    ['RUN cat <<<EOF', []],
    ['RUN cat<<EOF', []],
    ['RUN echo <<', []],
    // What BuildKit's lexer cannot read opens no here-document.
    ["RUN echo it's <<EOF", []],
    ['RUN echo ${A^^} <<EOF', []],
    ['RUN echo ${A <<EOF', []],
  ])('finds in %s: %j', (line, names) => {
    expect(heredocMarks(line).map(({ name }) => name)).toEqual(names);
  });

  it('tells the kind that ignores leading tabs', () => {
    expect(heredocMark('<<-EOF')).toEqual({ name: 'EOF', chomp: true });
    expect(heredocMark('5<<EOF')).toEqual({ name: 'EOF', chomp: false });
    expect(heredocMark('<<EOF sh')).toBeUndefined();
  });
});
