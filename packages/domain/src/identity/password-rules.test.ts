import { describe, expect, test } from 'vitest';
import { PASSWORD_MAX, PASSWORD_WORDS, passwordFault } from './password-rules.ts';

const KNOWN = ['Mira Lindqvist', 'mira@lindenandoak.example', 'Linden & Oak'];

describe('passwords that are guessed soon are refused', () => {
  test.each([
    ['', 'too_short'],
    ['123456789', 'too_short'],
    ['🐘🐘🐘🐘🐘🐘🐘🐘🐘', 'too_short'],
    ['x'.repeat(PASSWORD_MAX + 1), 'too_long'],
    ['password12', 'too_common'],
    ['Passw0rd2024!', 'too_common'],
    ['P@$$w0rd!!', 'too_common'],
    ['!!!Welcome123', 'too_common'],
    ['Summer2026!', 'too_common'],
    ['i love you 99', 'too_common'],
    ['correct horse battery staple', 'too_common'],
    ['Administrator', 'too_common'],
    ['ａｄｍｉｎｉｓｔｒａｔｏｒ', 'too_common'],
    ['aaaaaaaaaa', 'too_regular'],
    ['abababababab', 'too_regular'],
    ['tulip-tulip-tulip-', 'too_regular'],
    ['1234567890', 'too_regular'],
    ['9876543210', 'too_regular'],
    ['qwertyuiop', 'too_common'],
    ['1q2w3e4r5t', 'too_regular'],
    ['1qaz2wsx3edc', 'too_common'],
    ['cvbnm12345', 'too_regular'],
    ['poiuytrewq', 'too_regular'],
    ['abcdefghij', 'too_regular'],
    ['Mira12345678', 'about_you'],
    ['Lindqvist!2026', 'about_you'],
    ['lindenandoak1', 'about_you'],
    ['lindenlindqvist', 'about_you'],
  ])('%j is %s', (password, fault) => {
    expect(passwordFault(password, KNOWN)).toBe(fault);
  });
});

describe('whatever characters it is made of, a password that is not guessed soon is good', () => {
  test.each([
    'quiet lamp under bridge',
    'tulip kettle fog',
    'alllowercaseletters',
    '8203957146',
    'ärger über öl',
    '北京の朝は静かで美しい',
    'Mira likes seven grey owls',
    'x'.repeat(3) + 'four wide rivers',
    '🐘🦊🐝🦉🐢🦔🐙🦀🐋🦩',
  ])('%j', (password) => {
    expect(passwordFault(password, KNOWN)).toBeUndefined();
  });
});

test('each fault has words that say what to do', () => {
  for (const words of Object.values(PASSWORD_WORDS)) expect(words).toMatch(/Use|Take/);
});
