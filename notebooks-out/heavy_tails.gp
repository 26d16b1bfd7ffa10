# Simulated and exact variance of the adaptive learning rate for normal and heavier-tailed gradients of unit variance
# gnuplot heavy_tails.gp   draws heavy_tails.svg from heavy_tails.csv, all beside this script.
# rsvg-convert -f pdf -o heavy_tails.pdf heavy_tails.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 3.35 by 2.6 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 322,250 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'heavy_tails'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > heavy_tails.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10

set margins screen 0.155, screen 0.97, screen 0.165, screen 0.97
set xrange [5:6000]
set yrange [1e-4:1]
set format x '10^{%T}'
set format y '10^{%T}'
set xlabel 'iteration {/:Italic t}' offset 0,0.5
set ylabel 'Var[{/:Italic ψ_t}]' offset 0.6,0
set key bottom left Left reverse
set label 'normal' at 219,0.002297954655125555 right offset -0.8,-0.5 textcolor rgb '#0072b2'
set label 'Laplace' at 219,0.005762914458717049 left offset 0.5,0.7 textcolor rgb '#009e73'
set label 'Student-{/:Italic t}, {/:Italic ν} = 3' at 219,0.025231504507099826 left offset 0.5,0.7 textcolor rgb '#d55e00'
plot 'heavy_tails.csv' using 't':(cell('low_student_t_3')):(cell('high_student_t_3')) with filledcurves fillcolor rgb '#d55e00' fillstyle transparent solid 0.25 noborder, \
     'heavy_tails.csv' using 't':(cell('low_laplace')):(cell('high_laplace')) with filledcurves fillcolor rgb '#009e73' fillstyle transparent solid 0.25 noborder, \
     'heavy_tails.csv' using 't':(cell('low_normal')):(cell('high_normal')) with filledcurves fillcolor rgb '#0072b2' fillstyle transparent solid 0.25 noborder, \
     'heavy_tails.csv' using 't':(cell('var_student_t_3')) every 6::4 with points linetype 3 pointsize 0.35, \
     'heavy_tails.csv' using 't':(cell('var_laplace')) every 6::2 with points linetype 4 pointsize 0.35, \
     'heavy_tails.csv' using 't':(cell('var_normal')) every 6::0 with points linetype 2 pointsize 0.35, \
     NaN with points linetype 1 linecolor rgb '#888888' pointsize 0.45 title 'simulated', \
     NaN with filledcurves fillcolor rgb '#cccccc' fillstyle solid 1 noborder title '95 % band', \
     'heavy_tails.csv' using 't':(cell('var_exact_normal')) with lines linetype 2 linewidth 1 dashtype solid, \
     'heavy_tails.csv' using 't':(cell('var_exact_laplace')) with lines linetype 4 linewidth 1 dashtype solid, \
     'heavy_tails.csv' using 't':(cell('var_exact_student_t_3')) with lines linetype 3 linewidth 1 dashtype solid, \
     NaN with lines linetype 1 linecolor rgb '#888888' linewidth 1 title 'exact law'

unset output
